namespace Baton.Serving.Models;

/// <summary>A version behind an endpoint, with the model that answers for it where one is loaded.</summary>
public sealed class ServedModel
{
    internal ServedModel(ServedVersion version, ModelSlot? slot, string? failure)
    {
        Version = version;
        Slot = slot;
        Failure = failure;
        Score = version.ScoreOutput is { } named ? ScoreColumn.Parse(named) : null;
    }

    /// <summary>What is served.</summary>
    public ServedVersion Version { get; }

    /// <summary>The loaded model; null while it loads and where that failed.</summary>
    public ModelSlot? Slot { get; }

    /// <summary>How far it is.</summary>
    public EndpointState State => Reason is not null ? EndpointState.Failed : Slot is null ? EndpointState.Loading : EndpointState.Ready;

    /// <summary>Why it does not answer; null where it does, and while it loads.</summary>
    public string? Reason => Failure ?? Slot?.Fault;

    /// <summary>Output that is the score; null where none is named.</summary>
    internal ScoreColumn? Score { get; }

    /// <summary>Why it did not load.</summary>
    private string? Failure { get; }

    internal EndpointStatus Status => Reason is var reason && reason is not null
        ? new EndpointStatus(Version.Project, Version.Endpoint, Version.Version, EndpointState.Failed, reason)
        : new EndpointStatus(Version.Project, Version.Endpoint, Version.Version, State, null);
}
