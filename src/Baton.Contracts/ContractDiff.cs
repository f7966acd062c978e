using Baton.Contracts.Language;

namespace Baton.Contracts;

/// <summary>
/// Compares two contracts as those see it who rely on what is promised: to loosen or remove a demand is breaking, to tighten or add one is
/// compatible, words are editorial. What is neither tighter nor looser (another model, another grouping of intervals) is breaking.
/// </summary>
public static class ContractDiff
{
    /// <summary>Every change, in the order of a contract's fields; none where the contracts have the same digest.</summary>
    public static IReadOnlyList<ContractChange> Between(Contract old, Contract @new)
    {
        List<ContractChange> changes = [.. Values("", Words(old), Words(@new))];
        var (before, after) = (ContractUnit.Of(old).ToList(), ContractUnit.Of(@new).ToList());
        foreach (var clause in before)
        {
            changes.AddRange(after.Find(c => c.Path == clause.Path) is { } now
                ? Values(clause.Path + ".", clause.Terms, now.Terms)
                : [new ContractChange(clause.Path, ChangeKind.Breaking, clause.Demand, null)]);
        }

        changes.AddRange(after
            .Where(clause => before.TrueForAll(c => c.Path != clause.Path))
            .Select(clause => new ContractChange(clause.Path, ChangeKind.Compatible, null, clause.Demand)));
        return changes;
    }

    /// <summary>The step of its SemVer version that the changes call for: breaking, compatible, or only editorial; null for no change.</summary>
    public static ChangeKind? Kind(IReadOnlyCollection<ContractChange> changes) => changes.Count == 0 ? null : changes.Max(c => c.Kind);

    private static List<Term> Words(Contract contract) => [.. ContractShape.Words.SelectMany(word => word.Terms(contract)).Select(t => t with { Part = "" })];

    private static IEnumerable<ContractChange> Values(string path, IReadOnlyList<Term> before, IReadOnlyList<Term> after)
    {
        var names = before.Select(t => t.Path).Concat(after.Select(t => t.Path)).Distinct().ToList();
        var told = new HashSet<string>();
        foreach (var name in names)
        {
            var (was, now) = (before.FirstOrDefault(t => t.Path == name), after.FirstOrDefault(t => t.Path == name));
            if (was?.Canon == now?.Canon)
                continue;
            var part = (was ?? now)!.Part;
            // A part that came or went as a whole is one change.
            if (part.Length > 0 && (!before.Any(t => t.Part == part) || !after.Any(t => t.Part == part)))
            {
                if (told.Add(part))
                    yield return Whole(path + part, before.Where(t => t.Part == part), after.Where(t => t.Part == part));
            }
            else
                yield return new ContractChange(path + name, Judge(was, now), was?.Text, now?.Text);
        }
    }

    private static ContractChange Whole(string path, IEnumerable<Term> before, IEnumerable<Term> after)
    {
        var kind = before.Any() ? ChangeKind.Breaking : ChangeKind.Compatible;
        return before.Concat(after).All(t => t.Direction == Tighter.Words)
            ? new ContractChange(path, ChangeKind.Editorial, Text(before, path), Text(after, path))
            : new ContractChange(path, kind, Text(before, path), Text(after, path));
    }

    private static string? Text(IEnumerable<Term> terms, string path) =>
        terms.Select(t => t with { Path = t.Path[(t.Part.Length + 1)..] }).ToList() is { Count: > 0 } inner ? Demands.Of(inner) : null;

    private static ChangeKind Judge(Term? was, Term? now) => (was?.Value, now?.Value, (was ?? now)!.Direction) switch
    {
        (_, _, Tighter.Words) => ChangeKind.Editorial,
        (_, _, Tighter.Neither) => ChangeKind.Breaking,
        (_, null, _) => ChangeKind.Breaking,
        (null, _, _) => ChangeKind.Compatible,
        (IReadOnlyList<string> a, IReadOnlyList<string> b, _) => a.All(b.Contains) ? ChangeKind.Compatible : ChangeKind.Breaking,
        (IComparable a, { } b, var direction) when a.CompareTo(b) < 0 == (direction == Tighter.Higher) => ChangeKind.Compatible,
        _ => ChangeKind.Breaking,
    };
}
