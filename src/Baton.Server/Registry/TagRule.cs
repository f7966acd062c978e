using Baton.Server.Platform.Http;
using Baton.Server.Runs;

namespace Baton.Server.Registry;

/// <summary>What tags of models and versions may be.</summary>
internal static class TagRule
{
    private const int MaxValue = 100_000;

    public static void Check(string key, string value)
    {
        KeyRule.Check(key, "key", "key");
        if (value.IsLongerThan(MaxValue))
            throw RunsErrors.TooLong("value", MaxValue);
    }

    public static IReadOnlyDictionary<string, string> Checked(IReadOnlyDictionary<string, string> tags)
    {
        foreach (var (key, value) in tags)
            Check(key, value);
        return tags;
    }
}
