namespace Baton.Server.Platform.Search;

/// <summary>Finds the name that was probably meant.</summary>
internal static class NearWord
{
    private const int LongestWord = 60;

    /// <summary>The nearest of the known names, if one is near: by changed, added and missing characters, at most a third of it.</summary>
    public static string? Of(string word, IEnumerable<string> known) => word.Length > LongestWord
        ? null
        : known.Select(candidate => (candidate, Distance: Distance(word.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .Where(pair => pair.Distance <= Math.Max(1, pair.candidate.Length / 3))
            .OrderBy(pair => pair.Distance)
            .Select(pair => pair.candidate)
            .FirstOrDefault();

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
        }

        return row[b.Length];
    }
}
