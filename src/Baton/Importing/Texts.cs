namespace Baton.Importing;

/// <summary>What no database of Baton's takes: a NUL in a text, and keys too long for an index.</summary>
internal static class Texts
{
    private const int LongestKey = 250;

    /// <summary>The pairs that can be kept; the others are reported.</summary>
    public static IReadOnlyDictionary<string, string> Fit(IReadOnlyDictionary<string, string> pairs, string kind, string owner, ImportReport report)
    {
        if (pairs.All(p => Fault(p.Key, p.Value) is null))
            return pairs;
        var fit = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in pairs)
        {
            if (Fault(key, value) is { } fault)
                report.Skip(kind, $"{owner}/{key.Replace("\0", "\\0", StringComparison.Ordinal)}", fault);
            else
                fit[key] = value;
        }

        return fit;
    }

    public static string? KeyFault(string key) => key.Length == 0 ? "its key is empty"
        : key.Length > LongestKey ? $"its key is longer than {LongestKey} characters"
        : key.Contains('\0') ? "its key holds a NUL character" : null;

    private static string? Fault(string key, string value) => KeyFault(key) ?? (value.Contains('\0') ? "its value holds a NUL character" : null);
}
