using Baton.Server.Platform.Http;

namespace Baton.Server.Runs.LoggedModels;

/// <summary>Params and tags of a logged model as requests bring them. Their keys are free texts; nothing is cut.</summary>
internal static class LoggedModelPairs
{
    private const int MaxKey = 250;
    private const int MaxValue = 100_000;

    /// <summary>Params, each key once.</summary>
    public static IReadOnlyDictionary<string, string> ParamsOf(MlflowRequest request)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in PairsOf(request, "params"))
        {
            if (!pairs.TryAdd(key, value))
                throw LoggedModelErrors.ParamTwice(key);
        }

        return pairs;
    }

    /// <summary>Tags; the last of equal keys wins.</summary>
    public static IReadOnlyDictionary<string, string> TagsOf(MlflowRequest request)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in PairsOf(request, "tags"))
            pairs[key] = value;
        return pairs;
    }

    private static IEnumerable<(string Key, string Value)> PairsOf(MlflowRequest request, string name)
    {
        var place = 0;
        foreach (var pair in request.Objects(name))
        {
            var (key, value) = (pair.Required("key"), pair.Optional("value") ?? "");
            if (key.IsLongerThan(MaxKey))
                throw RunsErrors.TooLong($"{name}[{place}].key", MaxKey);
            if (value.IsLongerThan(MaxValue))
                throw RunsErrors.TooLong($"{name}[{place}].value", MaxValue);
            place++;
            yield return (key, value);
        }
    }
}
