using Baton.Testing;

namespace Baton.UnitTests.Contracts;

/// <summary>Text files of the checkout.</summary>
internal static class Checkout
{
    public static string Read(string path) => File.ReadAllText(Path.Combine(Repository.Root, path));
}
