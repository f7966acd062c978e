namespace Baton.Bench;

/// <summary>The recorded sections of a page, each between two comments that name it.</summary>
internal static class Recorded
{
    /// <summary>Replaces a section.</summary>
    /// <exception cref="BenchException">The page has no such section.</exception>
    public static void Write(string page, string section, string text)
    {
        var (begin, end) = ($"<!-- recorded: {section} -->", $"<!-- end: {section} -->");
        var old = File.ReadAllText(page);
        var (from, to) = (old.IndexOf(begin, StringComparison.Ordinal), old.IndexOf(end, StringComparison.Ordinal));
        if (from < 0 || to < from)
            throw new BenchException($"{page} has no section between '{begin}' and '{end}', so the numbers were not recorded.");
        File.WriteAllText(page, $"{old[..(from + begin.Length)]}\n{text.TrimEnd()}\n{old[to..]}");
    }
}
