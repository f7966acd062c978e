using Xunit;

namespace Baton.UnitTests.Architecture;

/// <summary>The order of legs is only as good as the reader of assemblies below it: each way to use a type is seen.</summary>
public sealed class TypeUsesTests
{
    [Fact]
    public void Every_way_to_use_a_type_is_seen_and_nothing_else()
    {
        using var uses = new TypeUses(typeof(TypeUsesTests).Assembly.Location);
        var space = typeof(Uses.User).Namespace + ".";

        var seen = uses.All().Where(pair => pair.User == space + nameof(Uses.User)).Select(pair => pair.Used).Where(used => used.StartsWith(space));

        Assert.Equal(
            new[]
            {
                nameof(Uses.Base), nameof(Uses.IFace), nameof(Uses.Field), nameof(Uses.Argument), nameof(Uses.Result), nameof(Uses.Made), nameof(Uses.Called),
                nameof(Uses.InLambda), nameof(Uses.InAsync), nameof(Uses.TypeOf), nameof(Uses.Generic), nameof(Uses.Caught), nameof(Uses.Marked), nameof(Uses.Bound),
                nameof(Uses.Local),
            }.Select(name => space + name).Order(),
            seen.Order());
    }
}
