using Baton.Contracts;

namespace Baton.Verification.Clauses;

/// <summary>A metric against the version in production, paired by row.</summary>
/// <param name="Verdict">Verdict of the comparison alone; pass where none was demanded.</param>
/// <param name="Reason">Why; empty where none was demanded.</param>
/// <param name="Comparison">What was found; null where there is none.</param>
/// <param name="More">How many more rows or groups would likely decide.</param>
/// <param name="Facts">What else there is to say.</param>
/// <param name="Paired">Production's answers on the common rows, for the picture.</param>
internal sealed record ComparisonPart(Verdict Verdict, string Reason, Comparison? Comparison, long? More, IReadOnlyList<Fact> Facts, MetricSide? Paired)
{
    /// <summary>Pairs the rows, draws the interval of the difference and decides on it.</summary>
    public static ComparisonPart Of(MetricClause clause, Draw draw, MetricSide candidate, ProductionSide? production)
    {
        if (clause.AgainstProduction is not { } bound)
            return Plain(Verdict.Pass, "", []);
        if (production is null)
            return Plain(Verdict.Pass, "", [new Fact("production", "nothing in production yet, so there is nothing to compare with")]);
        var theirName = $"version {production.Version}, in production";
        if (production.Side is not { Unfit: null } other)
            return Plain(Verdict.NotRun, production.Obstacle ?? $"The comparison with {theirName}, could not be made: {production.Fault ?? production.Side?.Unfit}", []);

        var placeOf = Enumerable.Range(0, other.Ids.Length).ToDictionary(i => other.Ids[i], StringComparer.Ordinal);
        var common = Enumerable.Range(0, candidate.Ids.Length).Where(i => placeOf.ContainsKey(candidate.Ids[i])).ToList();
        if (common.Count == 0)
        {
            return Plain(Verdict.NotRun, $"The comparison could not be made: no row id of this version is among those of {theirName}. "
                + "Hand over reference predictions on the same rows.", []);
        }

        var mine = candidate.At(common);
        var theirs = other.At([.. common.Select(i => placeOf[candidate.Ids[i]])]) with { Groups = mine.Groups };
        var shared = $"{Phrases.Number(common.Count)} of {Phrases.Number(candidate.Ids.Length)} here and {Phrases.Number(other.Ids.Length)} in production";
        Fact[] facts = [new("rows in common", shared)];
        var disagreeing = Enumerable.Range(0, common.Count).Count(i => mine.Labels[i] != theirs.Labels[i]);
        if (disagreeing > 0)
        {
            var reason = $"The comparison could not be made: for {Phrases.Count(disagreeing, "row")} this version and {theirName}, name different ground truth.";
            return Plain(Verdict.NotRun, reason, facts);
        }

        var result = draw.Difference(mine, theirs);
        if (result.Interval is not { } interval || draw.Metric.Compute(theirs.Observations()).Value is not { } theirValue)
            return Plain(Verdict.Inconclusive, $"The difference to {theirName}, has no interval to decide on: {result.UndefinedBecause}.", facts);
        var verdict = Draw.Decide(interval, bound);
        var more = verdict == Verdict.Inconclusive ? Draw.More(interval, bound) : null;
        var comparison = new Comparison
        {
            Version = production.Version,
            Production = theirValue,
            Difference = interval.Estimate,
            Interval = new Interval(interval.Low, interval.High, clause.Confidence),
            Bound = bound,
            Verdict = verdict,
            Rows = common.Count,
        };
        return new(verdict, Sentence(draw, comparison, more, bound), comparison, more, facts, theirs);
    }

    private static ComparisonPart Plain(Verdict verdict, string reason, IReadOnlyList<Fact> facts) => new(verdict, reason, null, null, facts, null);

    private static string Sentence(Draw draw, Comparison comparison, long? more, Bound bound)
    {
        var words = $"Against version {comparison.Version}, in production with {Phrases.Metric(comparison.Production)}, it is {Phrases.Signed(comparison.Difference)}, "
            + $"{Phrases.Signed(comparison.Interval.Low)} to {Phrases.Signed(comparison.Interval.High)}";
        return comparison.Verdict switch
        {
            Verdict.Pass => $"{words}: {Demands.Of(bound)}.",
            Verdict.Fail => $"{words}: that breaks “{Demands.Of(bound)}”.",
            _ => $"{words}: too wide to tell whether it is {Demands.Of(bound)}. {draw.Advice(more)}",
        };
    }
}

/// <summary>The version in production in a comparison.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Side">Its rows and answers; null where it could not be run.</param>
/// <param name="Fault">Why it could not be run, as a sentence; null where it was.</param>
internal sealed record ProductionSide(string Version, MetricSide? Side, string? Fault)
{
    /// <summary>Why nothing can be compared with it at all, as a sentence; null where it could be run, or failed when it was.</summary>
    public string? Obstacle { get; private init; }

    /// <summary>A version in production that was never handed over.</summary>
    public static ProductionSide WithoutClaims(string model, string version) => new(version, null, null)
    {
        Obstacle = $"The comparison could not be made: version {version} is in production without claims, so there is nothing to compare with: "
            + $"hand it over first (baton handoff submit models:/{model}/{version}).",
    };
}
