using System.Globalization;
using Baton.Contracts;
using Baton.Inference.Execution;
using Baton.Statistics;

namespace Baton.Verification.Clauses;

/// <summary><c>latency</c>: a percentile of the time from planned arrival to answer, under the load that the contract names.</summary>
internal static class LatencyCheck
{
    /// <summary>The clause's name.</summary>
    public const string Name = "latency";

    private const double Confidence = 0.95;
    private const double RequestsConfidence = 0.99;
    private const double NoisyLoad = 0.5;
    private const double LongestFirstLook = 10; // seconds; a load that is longer is not put on again
    private static readonly double[] Drawn = [50, 75, 90, 95, 99];

    /// <summary>The load that the clause needs.</summary>
    public static BenchPlan Plan(LatencyClause clause, int seed) => new(
        clause.RequestsPerSecond,
        clause.RowsPerRequest,
        LoadPlan.Requests(LatencyQuantile.RequestsNeeded(clause.Percentile, RequestsConfidence, misses: 0), clause.RequestsPerSecond),
        seed);

    /// <summary>
    /// A second load where the first one could not tell: mostly a neighbour's noise, which more requests see past. One more look and no further,
    /// lest it be looked for until it passes.
    /// </summary>
    public static BenchPlan? PlanAgain(LatencyClause clause, BenchPlan plan, BenchResult bench)
    {
        var milliseconds = Milliseconds(bench);
        if (plan.Requests / plan.RequestsPerSecond > LongestFirstLook
            || Decide(clause, LatencyQuantile.Interval(milliseconds, clause.Percentile, Confidence)) != Verdict.Inconclusive)
            return null;
        return plan with { Requests = Math.Clamp(MoreRequests(clause, milliseconds), plan.Requests / 2, plan.Requests * 2), Seed = plan.Seed + 1 };
    }

    /// <summary>Decides on what the load found.</summary>
    public static ClauseResult Judge(LatencyClause clause, BenchResult bench, Machine machine)
    {
        var milliseconds = Milliseconds(bench);
        var quantile = LatencyQuantile.Interval(milliseconds, clause.Percentile, Confidence);
        var verdict = Decide(clause, quantile);
        var more = verdict == Verdict.Inconclusive ? MoreRequests(clause, milliseconds) : 0;
        return Blank(clause) with
        {
            Verdict = verdict,
            Measured = quantile.Estimate,
            Interval = quantile is { Low: { } low, High: { } high } ? new Interval(low, high, Confidence) : null,
            MoreNeeded = more > 0 ? new MoreNeeded(more, "requests") : null,
            Reason = Reason(clause, quantile, verdict, more, machine),
            Facts =
            [
                new Fact("requests", Phrases.Number(milliseconds.Length)),
                new Fact("load", string.Create(CultureInfo.InvariantCulture, $"{clause.RequestsPerSecond:0.###} requests/s, Poisson arrivals")),
                new Fact("rows a request", Phrases.Number(clause.RowsPerRequest)),
                new Fact("threads", Phrases.Number(bench.Workers)),
                new Fact("warm-up", $"{Phrases.Count(bench.WarmUpCalls, "call")} before the clock started"),
                new Fact("load per core", machine.LoadPerCore.ToString("0.00", CultureInfo.InvariantCulture) + (IsNoisy(machine) ? ": the machine was busy, the times are noisy" : "")),
            ],
            Series =
            [
                new Series(
                    "this version",
                    [.. Percentiles(clause).Select(Label)],
                    [.. Percentiles(clause).Select(p => (double?)LatencyQuantile.Interval(milliseconds, p, Confidence).Estimate)]),
            ],
        };
    }

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

    private static double[] Milliseconds(BenchResult bench) => [.. bench.LatenciesMicroseconds.Select(l => l / 1000)];

    private static bool IsNoisy(Machine machine) => machine.LoadPerCore > NoisyLoad;

    private static Verdict Decide(LatencyClause clause, QuantileInterval quantile) =>
        BoundVerdict.Decide(quantile.Low, quantile.High, min: null, clause.Max.TotalMilliseconds) switch
        {
            BoundOutcome.Pass => Verdict.Pass,
            BoundOutcome.Fail => Verdict.Fail,
            _ => Verdict.Inconclusive,
        };

    private static int MoreRequests(LatencyClause clause, double[] milliseconds) =>
        LatencyQuantile.RequestsNeeded(clause.Percentile, RequestsConfidence, milliseconds.Count(l => l > clause.Max.TotalMilliseconds)) - milliseconds.Length;

    private static string Reason(LatencyClause clause, QuantileInterval quantile, Verdict verdict, int more, Machine machine)
    {
        var words = $"{Label(clause.Percentile)} is {Phrases.Milliseconds(quantile.Estimate)}"
            + (quantile is { Low: { } low, High: { } high }
                ? $", {Phrases.Milliseconds(low)} to {Phrases.Milliseconds(high)} ({Phrases.Confidence(Confidence)} interval)"
                : "");
        var max = Phrases.Milliseconds(clause.Max.TotalMilliseconds);
        var noisy = IsNoisy(machine) ? " The machine was busy; measure again on a quiet one." : "";
        return verdict switch
        {
            Verdict.Pass => $"{words}, within {max}.",
            Verdict.Fail => $"{words}, above {max}. Make the model smaller or faster, or agree on another bound.{noisy}",
            _ when quantile.High is null => $"{words}: too few requests for an interval at this rate; {Phrases.Number(more)} more would do.{noisy}",
            _ => $"{words}: the interval straddles {max}.{(more > 0 ? $" About {Phrases.Number(more)} more requests would likely tell." : "")}{noisy}",
        };
    }

    private static IEnumerable<double> Percentiles(LatencyClause clause) => Drawn.Append(clause.Percentile).Distinct().Order();

    private static string Label(double percentile) => string.Create(CultureInfo.InvariantCulture, $"p{percentile:0.###}");
}
