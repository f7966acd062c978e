namespace Baton.Server.Platform.Events;

/// <summary>Something that was committed, in commit order by <see cref="Seq"/>.</summary>
internal sealed record Event
{
    public long Seq { get; init; }

    public string Id { get; init; } = "";

    /// <summary>What happened: the ledger's action, e.g. <c>handoff.submitted</c>.</summary>
    public string Type { get; init; } = "";

    public long V { get; init; }

    public string Project { get; init; } = "";

    public string Subject { get; init; } = "";

    public string Actor { get; init; } = "";

    /// <summary>Microseconds since 1970.</summary>
    public long At { get; init; }

    /// <summary>JSON.</summary>
    public string Data { get; init; } = "{}";
}

/// <summary>Hears of events after their commit, each at least once and in order: handling one again must change nothing.</summary>
internal interface IEventSubscriber
{
    /// <summary>Name under which its place in the stream is kept; never renamed.</summary>
    string Name { get; }

    Task HandleAsync(Event happened, CancellationToken cancellation);
}
