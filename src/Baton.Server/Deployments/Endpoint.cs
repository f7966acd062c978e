namespace Baton.Server.Deployments;

/// <summary>An endpoint as decisions find it.</summary>
/// <param name="Name">Name.</param>
/// <param name="Latest">Its newest deployment; null where it had none yet.</param>
/// <param name="InService">Whether it serves that.</param>
internal sealed record Endpoint(string Name, Deployment? Latest, bool InService)
{
    /// <summary>What it serves; null where it is out of service.</summary>
    public Deployment? Current => InService ? Latest : null;
}

/// <summary>One decision about what an endpoint serves.</summary>
internal sealed record Deployment
{
    public const string Deploy = "deploy";
    public const string Rollback = "rollback";

    public string Project { get; init; } = "";

    public string Id { get; init; } = "";

    /// <summary>Number of the decision in the ledger.</summary>
    public long Seq { get; init; }

    public string Endpoint { get; init; } = "";

    public string Model { get; init; } = "";

    public long Version { get; init; }

    public string PackageDigest { get; init; } = "";

    /// <summary><c>deploy</c> or <c>rollback</c>.</summary>
    public string Kind { get; init; } = Deploy;

    /// <summary>Version that was served before.</summary>
    public long? Previous { get; init; }

    /// <summary>Deployment that a rollback from here goes to.</summary>
    public string? ReturnsTo { get; init; }

    public string? Reason { get; init; }

    public string Actor { get; init; } = "";

    /// <summary>Microseconds.</summary>
    public long At { get; init; }

    /// <summary>Whether the version's newest verdict under the contract in force is <c>pass</c>, for this package. Not stored: it follows from verdicts.</summary>
    public bool Verified { get; init; }
}
