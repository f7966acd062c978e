namespace Baton.Contracts;

/// <summary>What evidence at hand says of a clause whose bounds are changed: the verdict that the same measurement would have had.</summary>
public static class Foresight
{
    /// <summary>
    /// The verdict under the changed contract, where what was measured decides it: bounds alone may have changed, since another load, confidence, grouping or
    /// baseline asks for another measurement. Null where it does not.
    /// </summary>
    /// <param name="before">The contract that the evidence is of.</param>
    /// <param name="after">The same with the clause changed.</param>
    /// <param name="found">What was found for the clause.</param>
    public static Verdict? Of(Contract before, Contract after, ClauseResult found)
    {
        if (found.Verdict == Verdict.NotRun || ClauseText.Find(before, found.Name) is not { } clause || clause != found.Name)
            return null;
        var path = $"clauses.{clause}.";
        var changed = ContractDiff.Between(before, after).Select(c => c.Path).Where(p => p.StartsWith(path, StringComparison.Ordinal)).Select(p => p[path.Length..]).ToList();
        return clause switch
        {
            "latency" when after.Latency is { } latency && changed.TrueForAll(c => c.EndsWith("max", StringComparison.Ordinal)) =>
                found.Interval is null ? null : Judge(found, new Bound(Max: latency.Max.TotalMilliseconds)),
            "memory" when after.Memory is { } memory && found.Unit == "MiB" => Judge(found, new Bound(Max: memory.MaxBytes / (1024d * 1024))),
            "reproduces" when after.Reproduces is { } reproduces && changed.TrueForAll(c => c == "rows.min") => Judge(found, new Bound(reproduces.MinShare)),
            _ when after.Metrics.FirstOrDefault(m => clause == $"metrics.{m.Metric}") is { } metric
                && changed.TrueForAll(c => c is "min" or "max" or "against_production" or "against_production.min" or "against_production.max") => Of(metric, found),
            _ => null,
        };
    }

    private static Verdict? Of(MetricClause metric, ClauseResult found)
    {
        // What the claims and a baseline are compared by stands in no field of the evidence.
        if (found.Interval is null || metric.AgainstClaimed is not null || metric.AgainstBaseline is not null || found.Evidence < metric.Evidence)
            return null;
        var own = Judge(found, new Bound(metric.Min, metric.Max));
        if (metric.AgainstProduction is not { } against)
            return own;
        return found.Comparison is { } comparison ? Worse(own, Judge(comparison.Interval.Low, comparison.Interval.High, against)) : null;
    }

    private static Verdict? Judge(ClauseResult found, Bound bound) =>
        (found.Interval?.Low ?? found.Measured?.Number, found.Interval?.High ?? found.Measured?.Number) is ({ } low, { } high) ? Judge(low, high, bound) : null;

    private static Verdict Judge(double low, double high, Bound bound)
    {
        var (min, max) = (bound.Min ?? double.NegativeInfinity, bound.Max ?? double.PositiveInfinity);
        return low >= min && high <= max ? Verdict.Pass : high < min || low > max ? Verdict.Fail : Verdict.Inconclusive;
    }

    private static Verdict? Worse(Verdict? one, Verdict other) => one is null ? null : one == Verdict.Fail || other == Verdict.Pass ? one : other == Verdict.Fail || one == Verdict.Pass ? other : one;
}
