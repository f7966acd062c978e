using System.Text;

namespace Baton.Contracts.Reports;

/// <summary>Pieces of GitHub-flavoured Markdown; texts of others are escaped, so that they are shown and never read as markup.</summary>
internal static class Markdown
{
    private const string Special = "\\`*_{}[]<>|#~";

    /// <summary>A text on one line.</summary>
    public static string Text(string text)
    {
        var escaped = new StringBuilder(text.Length + 8);
        foreach (var c in text.ReplaceLineEndings(" "))
        {
            if (c == '@')
                escaped.Append("&#64;"); // mentions nobody
            else if (char.IsControl(c))
                escaped.Append('\uFFFD');
            else
                escaped.Append(Special.Contains(c) ? "\\" : "").Append(c);
        }

        return escaped.ToString();
    }

    /// <summary>A word in a fixed font.</summary>
    public static string Code(string text) =>
        $"`{string.Concat(text.ReplaceLineEndings(" ").Select(c => c switch { '`' => "'", '|' => "\\|", _ when char.IsControl(c) => "\uFFFD", _ => c.ToString() }))}`";

    /// <summary>A row of a table; its cells are Markdown.</summary>
    public static string Row(params IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |\n";

    /// <summary>The head of a table.</summary>
    public static string Head(params IReadOnlyList<string> names) => Row(names) + Row(names.Select(_ => "---"));

    /// <summary>A verdict as GitHub shows it at a glance.</summary>
    public static string Sign(Verdict verdict) => verdict switch
    {
        Verdict.Pass => "✅",
        Verdict.Fail => "❌",
        Verdict.Inconclusive => "❔",
        _ => "➖",
    };
}
