using Baton.Contracts;
using Baton.Inference.Execution;
using Baton.Statistics;

namespace Baton.Verification.Load;

/// <summary>The loads that a clause on a named machine needs.</summary>
internal static class HardwareLoad
{
    private const int BatchRows = 256;
    private const int MostRequests = 100_000;
    private const int LeastRequests = 200;
    private const double OfflineSeconds = 5;

    /// <summary>Starts that are timed for <c>cold_start</c>: the fewest whose median has a 95 % interval.</summary>
    public const int ColdStarts = 6;

    /// <summary>The scenario of a clause.</summary>
    public static LoadScenario Scenario(HardwareClause clause) => clause.Scenario switch
    {
        "single_stream" => LoadScenario.SingleStream,
        "multi_stream" => LoadScenario.MultiStream,
        "offline" => LoadScenario.Offline,
        _ => LoadScenario.Server,
    };

    /// <summary>The clause's own load: as many requests as the hardest of its bounds needs.</summary>
    public static BenchPlan Main(HardwareClause clause, int seed)
    {
        var needed = clause.Latency.Select(b => b.Percentile).Concat(clause.MaxErrors is > 0 and < 1 and var share ? [100 * (1 - share)] : [])
            .Select(p => LatencyQuantile.RequestsNeeded(p, PercentileFinding.ClaimConfidence, misses: 0)).DefaultIfEmpty(0).Max();
        var scenario = Scenario(clause);
        var requests = scenario == LoadScenario.Server
            ? LoadPlan.Requests(needed, clause.RequestsPerSecond)
            : Math.Clamp(Math.Max(LeastRequests, 3 * needed), 1, MostRequests);
        return new BenchPlan(clause.RequestsPerSecond, clause.RowsPerRequest, requests, seed) { Scenario = scenario };
    }

    /// <summary>The load for <c>throughput</c>: the clause's own where that is bounded by the model alone; else everything at once.</summary>
    public static BenchPlan? Throughput(HardwareClause clause, int seed) => clause.MinRowsPerSecond is null || Scenario(clause) != LoadScenario.Server
        ? null
        : Offline(clause.RowsPerRequest, seed);

    /// <summary>The load for <c>batch</c>: everything at once, in batches.</summary>
    public static BenchPlan? Batch(HardwareClause clause, int seed) => clause.Batch is { Rows: var rows }
        ? Offline((int)Math.Min(Math.Max(clause.RowsPerRequest, BatchRows), Math.Max(1, rows)), seed)
        : null;

    private static BenchPlan Offline(int rows, int seed) => new(1, rows, MostRequests, seed) { Scenario = LoadScenario.Offline, LongestSeconds = OfflineSeconds };
}
