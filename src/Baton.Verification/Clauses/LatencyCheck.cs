using Baton.Contracts;
using Baton.Inference.Execution;
using Baton.Statistics;
using Baton.Verification.Load;

namespace Baton.Verification.Clauses;

/// <summary><c>latency</c>: a percentile of the time from planned arrival to answer, under the load that the contract names.</summary>
internal static class LatencyCheck
{
    /// <summary>The clause's name.</summary>
    public const string Name = "latency";

    private const double LongestFirstLook = 10; // seconds; a load that is longer is not put on again

    /// <summary>The load that the clause needs.</summary>
    public static BenchPlan Plan(LatencyClause clause, int seed) => new(
        clause.RequestsPerSecond,
        clause.RowsPerRequest,
        LoadPlan.Requests(LatencyQuantile.RequestsNeeded(clause.Percentile, PercentileFinding.ClaimConfidence, misses: 0), clause.RequestsPerSecond),
        seed);

    /// <summary>
    /// A second load where the first one could not tell: mostly a neighbour's noise, which more requests see past. One more look and no further,
    /// lest it be looked for until it passes.
    /// </summary>
    /// <param name="load">What the first load found.</param>
    /// <param name="bounds">The percentiles that it is for.</param>
    public static BenchPlan? PlanAgain(LoadFindings load, params IReadOnlyList<LatencyBound> bounds)
    {
        var undecided = bounds.Select(b => PercentileFinding.Of(load, b.Percentile, b.Max)).Where(f => f.Verdict == Verdict.Inconclusive).ToList();
        if (undecided.Count == 0 || load.Seconds > LongestFirstLook)
            return null;
        var requests = load.Plan.Requests;
        return load.Plan with { Requests = (int)Math.Clamp(undecided.Max(f => f.More), requests / 2, requests * 2), Seed = load.Plan.Seed + 1 };
    }

    /// <summary>Decides on what the load found.</summary>
    public static ClauseResult Judge(LatencyClause clause, LoadFindings load) =>
        PercentileCheck.Judge(Blank(clause), load, new LatencyBound(clause.Percentile, clause.Max));

    /// <summary>Nothing was measured: the model failed (fail), or could not be tried (not run).</summary>
    public static ClauseResult Unmeasured(LatencyClause clause, Verdict verdict, string reason) => Blank(clause) with { Verdict = verdict, Reason = reason };

    private static ClauseResult Blank(LatencyClause clause) => new()
    {
        Name = Name,
        Verdict = Verdict.NotRun,
        Evidence = EvidenceLevel.Measured,
        Demanded = Demands.Of(clause),
        Unit = "ms",
        Bound = new Bound(Max: clause.Max.TotalMilliseconds),
        Reason = "",
    };
}
