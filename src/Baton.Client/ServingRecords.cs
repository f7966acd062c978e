using Baton.Contracts;

namespace Baton.Client;

/// <summary>What serving nodes are to serve.</summary>
public sealed record DesiredState
{
    /// <summary>Number of this state; each change has another.</summary>
    public required long Generation { get; init; }

    /// <summary>Every endpoint that is in service.</summary>
    public required IReadOnlyList<DesiredEndpoint> Endpoints { get; init; }
}

/// <summary>One endpoint with the version behind it.</summary>
public sealed record DesiredEndpoint
{
    /// <summary>Project.</summary>
    public required string Project { get; init; }

    /// <summary>Name of the endpoint.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Arm: <c>champion</c>.</summary>
    public required string Arm { get; init; }

    /// <summary>Registered model.</summary>
    public required string Model { get; init; }

    /// <summary>Its version.</summary>
    public required string Version { get; init; }

    /// <summary>Files of the sealed version.</summary>
    public required Manifest Package { get; init; }

    /// <summary>Digest of the package.</summary>
    public required string PackageDigest { get; init; }

    /// <summary>Whether its newest verdict under the contract in force is a pass, for this package.</summary>
    public required bool Verified { get; init; }

    /// <summary>What is said of the version, where it was handed over.</summary>
    public Claims? Claims { get; init; }

    /// <summary>What of its predictions is logged.</summary>
    public LoggingRule Logging { get; init; } = new();
}

/// <summary>What of an endpoint's predictions is logged.</summary>
public sealed record LoggingRule
{
    /// <summary>Share of predictions, 0 to 1, chosen by their ids. <value>1 by default: all.</value></summary>
    public double Sample { get; init; } = 1;

    /// <summary>Names of inputs whose values are not kept.</summary>
    public IReadOnlyList<string> Redact { get; init; } = [];
}

/// <summary>How a serving node stands.</summary>
public sealed record NodeStatus
{
    /// <summary>Name of the node; the same after it was started again.</summary>
    public required string Node { get; init; }

    /// <summary>Where it answers inference, e.g. <c>http://127.0.0.1:8080</c>.</summary>
    public required string Address { get; init; }

    /// <summary>Every endpoint that it knows.</summary>
    public required IReadOnlyList<EndpointReport> Endpoints { get; init; }

    /// <summary>Its counters since it was started, by name, e.g. <c>predictions</c>.</summary>
    public required IReadOnlyDictionary<string, long> Counters { get; init; }
}

/// <summary>How one version stands on a node.</summary>
/// <param name="Endpoint">Endpoint.</param>
/// <param name="Version">Version.</param>
/// <param name="State">Whether it answers.</param>
/// <param name="Reason">Why not, for people.</param>
/// <param name="Project">Project of the endpoint.</param>
public sealed record EndpointReport(string Endpoint, string Version, ServedState State, string? Reason, string Project);

/// <summary>Whether a version answers.</summary>
public enum ServedState
{
    /// <summary>On its way: being downloaded, loaded or warmed up.</summary>
    Loading,

    /// <summary>Answers.</summary>
    Ready,

    /// <summary>Cannot be served; the reason tells why.</summary>
    Failed,
}

/// <summary>The server has a file of predictions.</summary>
/// <param name="Digest">Digest of its bytes.</param>
/// <param name="Rows">Rows in it.</param>
public sealed record PredictionFileReceipt(string Digest, long Rows);
