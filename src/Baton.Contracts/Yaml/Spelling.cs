namespace Baton.Contracts.Yaml;

/// <summary>Finds the word that was probably meant.</summary>
internal static class Spelling
{
    /// <summary>The nearest known word, by insertions, deletions, replacements and swaps of neighbours; null where none is near.</summary>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        // The quadratic distance is not worth its time on something that is no word at all.
        if (word.Length > 40)
            return null;

        var lower = word.ToLowerInvariant().Replace('-', '_').Replace(' ', '_');
        return known.Select(candidate => (candidate, distance: Distance(lower, candidate)))
            .Where(pair => pair.distance <= Math.Max(1, Math.Min(pair.candidate.Length, lower.Length) / 3))
            .OrderBy(pair => pair.distance)
            .Select(pair => pair.candidate)
            .FirstOrDefault();
    }

    private static int Distance(string a, string b)
    {
        var (before, last, row) = (new int[b.Length + 1], Enumerable.Range(0, b.Length + 1).ToArray(), new int[b.Length + 1]);
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
            }

            (before, last, row) = (last, row, before);
        }

        return last[b.Length];
    }
}
