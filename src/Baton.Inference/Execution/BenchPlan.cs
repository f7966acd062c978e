using System.Text.Json.Serialization;

namespace Baton.Inference.Execution;

/// <summary>A load on a model.</summary>
/// <param name="RequestsPerSecond">Mean arrival rate; without meaning but in the scenario <see cref="LoadScenario.Server"/>.</param>
/// <param name="RowsPerRequest">Rows in one request, of one sample in <see cref="LoadScenario.MultiStream"/>.</param>
/// <param name="Requests">How many requests.</param>
/// <param name="Seed">Seed of the arrival times.</param>
public sealed record BenchPlan(double RequestsPerSecond, int RowsPerRequest, int Requests, int Seed)
{
    /// <summary>Samples of a query in the scenario <see cref="LoadScenario.MultiStream"/>, as MLPerf has it.</summary>
    public const int SamplesPerQuery = 8;

    private const double LongestClosedLoop = 60;

    /// <summary>How requests come. <value>server.</value></summary>
    public LoadScenario Scenario { get; init; }

    /// <summary>Seconds after which no request is sent any more; null for one and a half of what is planned, or a minute where no time is planned.</summary>
    public double? LongestSeconds { get; init; }

    /// <summary>Rows that really go with one request.</summary>
    [JsonIgnore]
    public int RowsSent => Scenario == LoadScenario.MultiStream ? RowsPerRequest * SamplesPerQuery : RowsPerRequest;

    /// <summary>Time after which no request is sent any more.</summary>
    [JsonIgnore]
    public TimeSpan Longest => TimeSpan.FromSeconds(
        LongestSeconds ?? (Scenario == LoadScenario.Server ? (Requests / RequestsPerSecond * 1.5) + 1 : LongestClosedLoop));
}
