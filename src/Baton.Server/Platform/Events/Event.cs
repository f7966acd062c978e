namespace Baton.Server.Platform.Events;

/// <summary>Something that was committed, in commit order by <see cref="Seq"/>.</summary>
internal sealed record Event
{
    public long Seq { get; init; }

    public string Id { get; init; } = "";

    /// <summary>What happened: the ledger's action, e.g. <c>handoff.submitted</c>, or one that is no decision, e.g. <c>version.tag_set</c>.</summary>
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

/// <summary>
/// Hears of events after their commit, each at least once and in order: handling one again must change nothing. One that fails again and again
/// is set aside, and the later ones follow.
/// </summary>
internal interface IEventSubscriber
{
    /// <summary>Name under which its place in the stream is kept; never renamed.</summary>
    string Name { get; }

    /// <summary>Types of the events it takes.</summary>
    IReadOnlyCollection<string> Types { get; }

    Task HandleAsync(Event happened, CancellationToken cancellation);
}
