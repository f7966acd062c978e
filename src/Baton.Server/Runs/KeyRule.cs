using System.Globalization;
using System.Text;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;

namespace Baton.Server.Runs;

/// <summary>MLflow's rule for the keys of metrics, params and tags: its characters, and no path that would resolve to another.</summary>
internal static class KeyRule
{
    public const int MaxLength = 250;

    /// <summary>Whether a key keeps the rule in full.</summary>
    public static bool IsLawful(string key) => key.Length > 0 && !key.IsLongerThan(MaxLength) && HasOnlyKnownCharacters(key) && !ResolvesElsewhere(key, out _);

    /// <summary>Refuses a key that breaks the rule.</summary>
    /// <param name="key">The key.</param>
    /// <param name="parameter">What messages call it, e.g. <c>metrics[3].name</c>.</param>
    /// <param name="measured">What the message on its length calls it, e.g. <c>Metric name</c>.</param>
    public static void Check(string key, string parameter, string measured)
    {
        if (!HasOnlyKnownCharacters(key))
            throw Refusal.Invalid($"Invalid value \"{CodePoints.Cut(key, MaxLength)}\" for parameter '{parameter}' supplied: Names may only contain alphanumerics, underscores (_), " +
                "dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).");
        if (ResolvesElsewhere(key, out var resolved))
            throw Refusal.Invalid($"Invalid value \"{CodePoints.Cut(key, MaxLength)}\" for parameter '{parameter}' supplied: Names may be treated as files in certain cases, " +
                $"and must not resolve to other names when treated as such. This name would resolve to '{CodePoints.Cut(resolved, MaxLength)}'");
        if (key.IsLongerThan(MaxLength))
            throw RunsErrors.TooLong(measured, MaxLength);
    }

    /// <summary>The first tags of a run or an experiment. MLflow does not check their keys; the length is, for they stand in an index.</summary>
    public static IReadOnlyDictionary<string, string> FirstTags(MlflowRequest request)
    {
        var tags = request.UniquePairs("tags");
        return tags.Keys.Any(key => key.IsLongerThan(MaxLength)) ? throw RunsErrors.TooLong("key", MaxLength) : tags;
    }

    private static bool HasOnlyKnownCharacters(string key)
    {
        foreach (var rune in key.EnumerateRunes())
        {
            if (rune.IsAscii
                ? !(char.IsAsciiLetterOrDigit((char)rune.Value) || (char)rune.Value is '_' or '/' or '.' or '-' or ' ' or ':')
                : !(Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber))
                return false;
        }

        return true;
    }

    private static bool ResolvesElsewhere(string key, out string resolved)
    {
        resolved = key;
        if (!key.Contains('/') && key[0] != '.')
            return false;
        resolved = Resolved(key);
        return resolved != key || resolved == "." || resolved.StartsWith("..", StringComparison.Ordinal) || resolved[0] == '/';
    }

    /// <summary>The path that POSIX makes of a name.</summary>
    private static string Resolved(string path)
    {
        var root = path.StartsWith("//", StringComparison.Ordinal) && !path.StartsWith("///", StringComparison.Ordinal) ? "//" : path[0] == '/' ? "/" : "";
        var kept = new List<string>();
        foreach (var segment in path.Split('/'))
        {
            if (segment is "" or ".")
                continue;
            if (segment != ".." || (root.Length == 0 && kept.Count == 0) || (kept.Count > 0 && kept[^1] == ".."))
                kept.Add(segment);
            else if (kept.Count > 0)
                kept.RemoveAt(kept.Count - 1);
        }

        var resolved = root + string.Join('/', kept);
        return resolved.Length == 0 ? "." : resolved;
    }
}
