namespace Baton.Contracts;

/// <summary>
/// Compares two contracts as those see it who rely on what is promised: to loosen or remove a demand is breaking, to tighten or add one is
/// compatible, words are editorial. What is neither tighter nor looser (another model, another grouping of intervals) is breaking.
/// </summary>
public static class ContractDiff
{
    private enum Tighter
    {
        Higher,
        Lower,
        Neither,
    }

    /// <summary>Every change, in the order of a contract's fields; none where the contracts have the same digest.</summary>
    public static IReadOnlyList<ContractChange> Between(Contract old, Contract @new)
    {
        var changes = new List<ContractChange>();
        Words(changes, "model", ChangeKind.Breaking, old.Model, @new.Model);
        Words(changes, "purpose", ChangeKind.Editorial, old.Purpose, @new.Purpose);
        Words(changes, "owners.model", ChangeKind.Editorial, old.Owners?.Model, @new.Owners?.Model);
        Words(changes, "owners.service", ChangeKind.Editorial, old.Owners?.Service, @new.Owners?.Service);

        var (before, after) = (Clauses(old), Clauses(@new));
        foreach (var (path, clause) in before)
        {
            if (!after.TryGetValue(path, out var now))
                changes.Add(new ContractChange(path, ChangeKind.Breaking, clause.Demand, null));
            else
                Terms(changes, path, clause.Terms, now.Terms);
        }

        changes.AddRange(after
            .Where(c => !before.ContainsKey(c.Key))
            .Select(c => new ContractChange(c.Key, ChangeKind.Compatible, null, c.Value.Demand)));
        return changes;
    }

    private static void Words(List<ContractChange> changes, string path, ChangeKind kind, string? before, string? after)
    {
        if (before != after)
            changes.Add(new ContractChange(path, kind, before, after));
    }

    private static void Terms(List<ContractChange> changes, string path, IReadOnlyList<Term> before, IReadOnlyList<Term> after)
    {
        foreach (var (was, now) in before.Zip(after).Where(pair => !Equals(pair.First.Value, pair.Second.Value)))
        {
            var kind = (was.Value, now.Value, was.Direction) switch
            {
                (_, _, Tighter.Neither) => ChangeKind.Breaking,
                (_, null, _) => ChangeKind.Breaking,
                (null, _, _) => ChangeKind.Compatible,
                (IComparable a, { } b, var direction) when a.CompareTo(b) < 0 == (direction == Tighter.Higher) => ChangeKind.Compatible,
                _ => ChangeKind.Breaking,
            };
            changes.Add(new ContractChange($"{path}.{was.Name}", kind, was.Text, now.Text));
        }
    }

    private static Dictionary<string, (string Demand, IReadOnlyList<Term> Terms)> Clauses(Contract contract)
    {
        var clauses = new Dictionary<string, (string, IReadOnlyList<Term>)>(StringComparer.Ordinal);
        if (contract.Reproduces is { } reproduces)
        {
            clauses["clauses.reproduces"] = (Demands.Of(reproduces),
            [
                Number("within", reproduces.Within, Tighter.Lower),
                new("rows.min", reproduces.MinShare, Tighter.Higher, Quantities.FormatShare(reproduces.MinShare)),
            ]);
        }

        foreach (var metric in contract.Metrics)
        {
            clauses[$"clauses.metrics.{metric.Metric}"] = (Demands.Of(metric),
            [
                Number("min", metric.Min, Tighter.Higher),
                Number("max", metric.Max, Tighter.Lower),
                new("confidence", metric.Confidence, Tighter.Higher, Quantities.FormatShare(metric.Confidence)),
                new("group_by", metric.GroupBy, Tighter.Neither, metric.GroupBy),
                Number("against_production.min", metric.AgainstProduction?.Min, Tighter.Higher),
                Number("against_production.max", metric.AgainstProduction?.Max, Tighter.Lower),
            ]);
        }

        if (contract.Latency is { } latency)
        {
            clauses["clauses.latency"] = (Demands.Of(latency),
            [
                new("percentile", latency.Percentile, Tighter.Higher, Quantities.FormatPercentile(latency.Percentile)),
                new("max", latency.Max, Tighter.Lower, Quantities.Format(latency.Max)),
                new("load", latency.RequestsPerSecond, Tighter.Higher, $"{Quantities.Format(latency.RequestsPerSecond)} requests/s"),
                Number("rows", latency.RowsPerRequest, Tighter.Higher),
            ]);
        }

        if (contract.Memory is { } memory)
        {
            clauses["clauses.memory"] = (Demands.Of(memory),
                [new("peak.max", memory.MaxBytes, Tighter.Lower, Quantities.FormatSize(memory.MaxBytes))]);
        }

        return clauses;
    }

    private static Term Number(string name, double? value, Tighter direction) =>
        new(name, value, direction, value is { } v ? Quantities.Format(v) : null);

    private sealed record Term(string Name, object? Value, Tighter Direction, string? Text);
}
