namespace Baton.Client;

/// <summary>One decision about what an endpoint serves.</summary>
public sealed record DeploymentRecord
{
    /// <summary>Id.</summary>
    public required string Id { get; init; }

    /// <summary>Endpoint.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Registered model.</summary>
    public required string Model { get; init; }

    /// <summary>Version that the endpoint serves from then on.</summary>
    public required string Version { get; init; }

    /// <summary>Digest of its sealed package.</summary>
    public required string PackageDigest { get; init; }

    /// <summary>Whether the version's newest verdict under the contract in force is <c>pass</c>, for this package.</summary>
    public required bool Verified { get; init; }

    /// <summary>Version that was served before.</summary>
    public string? Previous { get; init; }

    /// <summary>Forwards or back.</summary>
    public required DeploymentKind Kind { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who.</summary>
    public required string Actor { get; init; }
}

/// <summary>Which way a deployment went.</summary>
public enum DeploymentKind
{
    /// <summary>A version was chosen.</summary>
    Deploy,

    /// <summary>Back to the version before.</summary>
    Rollback,
}

/// <summary>An endpoint: a name that answers inference.</summary>
public sealed record EndpointRecord
{
    /// <summary>Name: it is served as <c>/v2/models/{name}</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it serves; null where it is out of service.</summary>
    public DeploymentRecord? Current { get; init; }

    /// <summary>How far the nodes are.</summary>
    public required EndpointState State { get; init; }

    /// <summary>Every deployment, newest first; null in a list of endpoints.</summary>
    public IReadOnlyList<DeploymentRecord>? History { get; init; }

    /// <summary>The nodes heard of in the last 30 s that serve it; null in a list of endpoints.</summary>
    public IReadOnlyList<EndpointNode>? Nodes { get; init; }
}

/// <summary>How far the serving nodes are with what an endpoint is to serve.</summary>
public enum EndpointState
{
    /// <summary>Every node serves it.</summary>
    Ready,

    /// <summary>Some node does not serve it yet.</summary>
    Loading,

    /// <summary>Some node cannot serve it, and says why.</summary>
    Failed,

    /// <summary>No serving node was heard of in the last 30 s.</summary>
    NoNode,

    /// <summary>Out of service.</summary>
    Off,
}

/// <summary>One node's word on an endpoint.</summary>
public sealed record EndpointNode
{
    /// <summary>Name of the node.</summary>
    public required string Node { get; init; }

    /// <summary>Where it answers inference.</summary>
    public required string Address { get; init; }

    /// <summary>Version that it serves or loads.</summary>
    public required string Version { get; init; }

    /// <summary>How far it is.</summary>
    public required ServedState State { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Reason { get; init; }

    /// <summary>When it was last heard of, UTC.</summary>
    public required DateTimeOffset SeenAt { get; init; }
}
