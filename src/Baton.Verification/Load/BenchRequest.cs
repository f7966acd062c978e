using Baton.Inference.Execution;
using Baton.Verification.Endpoints;

namespace Baton.Verification.Load;

/// <summary>A bench by hand.</summary>
public sealed record BenchRequest
{
    /// <summary>An ONNX file, a package folder, or the http(s) address of a model's endpoint.</summary>
    public required string Target { get; init; }

    /// <summary>How requests come.</summary>
    public LoadScenario Scenario { get; init; }

    /// <summary>Mean arrival rate, requests a second, in the scenario <see cref="LoadScenario.Server"/>. <value>20.</value></summary>
    public double RequestsPerSecond { get; init; } = 20;

    /// <summary>Rows in one request. <value>1.</value></summary>
    public int Rows { get; init; } = 1;

    /// <summary>How many requests; null for as many as p99 needs, a minute at most.</summary>
    public int? Requests { get; init; }

    /// <summary>How long; null for as long as the requests take.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>What the endpoint speaks; null to tell it by the address.</summary>
    public EndpointProtocol? Protocol { get; init; }

    /// <summary>Rows to send (Parquet, JSON), or a whole body for an endpoint (a JSON object); null to make rows up.</summary>
    public string? InputFile { get; init; }

    /// <summary>How model processes are started.</summary>
    public required ModelProcessOptions ModelProcess { get; init; }

    /// <summary>Clock. <value>the system's.</value></summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Seed of arrivals and made-up rows. <value>20,090,101.</value></summary>
    public int Seed { get; init; } = 20_090_101;
}
