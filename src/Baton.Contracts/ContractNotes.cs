using Baton.Contracts.Reports;

namespace Baton.Contracts;

/// <summary>Puts comments above clauses of a contract's text: what was proposed and why. Comments are no part of a contract's digest.</summary>
public static class ContractNotes
{
    private const int Widest = 100;

    /// <summary>The text with a comment above each clause that has a note.</summary>
    /// <param name="yaml">A contract as <see cref="ContractWriter"/> writes it.</param>
    /// <param name="notes">Notes by the clause's name (<c>metrics.roc_auc</c>, <c>latency</c>).</param>
    public static string Write(string yaml, IReadOnlyDictionary<string, string> notes)
    {
        var places = new ClauseLines(yaml);
        var lines = yaml.Split('\n').ToList();
        foreach (var (line, note) in notes.Select(n => (Line: places.Of(n.Key), n.Value)).OrderByDescending(n => n.Line))
        {
            var indent = new string(' ', lines[line - 1].Length - lines[line - 1].TrimStart().Length);
            lines.InsertRange(line - 1, Wrapped(note.ReplaceLineEndings(" ")).Select(text => $"{indent}# {text}"));
        }

        return string.Join('\n', lines);
    }

    private static IEnumerable<string> Wrapped(string note)
    {
        var line = "";
        foreach (var word in note.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > Widest)
            {
                yield return line;
                line = "";
            }

            line += line.Length == 0 ? word : " " + word;
        }

        if (line.Length > 0)
            yield return line;
    }
}
