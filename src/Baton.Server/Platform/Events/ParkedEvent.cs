namespace Baton.Server.Platform.Events;

/// <summary>An event that a subscriber failed on again and again: set aside, so that the later ones are heard of.</summary>
internal sealed record ParkedEvent
{
    public string Subscriber { get; init; } = "";

    public long Seq { get; init; }

    public string Id { get; init; } = "";

    public string Type { get; init; } = "";

    public long V { get; init; }

    public string Project { get; init; } = "";

    public string Subject { get; init; } = "";

    public string Actor { get; init; } = "";

    public long At { get; init; }

    public string Data { get; init; } = "{}";

    /// <summary>What the last attempt ended with.</summary>
    public string Error { get; init; } = "";

    public long ParkedAt { get; init; }

    public Event Event => new()
    {
        Seq = Seq,
        Id = Id,
        Type = Type,
        V = V,
        Project = Project,
        Subject = Subject,
        Actor = Actor,
        At = At,
        Data = Data,
    };

    public static ParkedEvent Of(string subscriber, Event happened, string error, long at) => new()
    {
        Subscriber = subscriber,
        Seq = happened.Seq,
        Id = happened.Id,
        Type = happened.Type,
        V = happened.V,
        Project = happened.Project,
        Subject = happened.Subject,
        Actor = happened.Actor,
        At = happened.At,
        Data = happened.Data,
        Error = error,
        ParkedAt = at,
    };
}
