using System.Text.Json;
using Baton.Database;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Platform.Jobs;

/// <summary>Work for an agent: claimed by one at a time, under a lease.</summary>
internal sealed record Job
{
    /// <summary>After so many attempts a job is given up.</summary>
    public const int MaxAttempts = 3;

    public string Project { get; init; } = "";

    public string Id { get; init; } = "";

    public string Kind { get; init; } = "";

    /// <summary>Id of what the job is for, in the leg that queued it.</summary>
    public string Subject { get; init; } = "";

    /// <summary><c>queued</c>, <c>running</c>, <c>finished</c>, <c>failed</c> or <c>cancelled</c>.</summary>
    public string State { get; init; } = "";

    /// <summary>Number of the attempt under way; a result of an earlier one is refused.</summary>
    public long Attempt { get; init; }

    public string? Agent { get; init; }

    /// <summary>The agent must be heard of before this, microseconds.</summary>
    public long? LeaseUntil { get; init; }

    public bool CancelRequested { get; init; }

    public string? Progress { get; init; }

    public string? Reason { get; init; }

    public long QueuedAt { get; init; }

    public long? StartedAt { get; init; }

    public long? FinishedAt { get; init; }
}

/// <summary>What a leg does with jobs of its kind. Called inside the change that moves the job, so job and leg never disagree.</summary>
internal interface IJobKind
{
    string Kind { get; }

    /// <summary>What the agent is told, made when the job is claimed.</summary>
    Task<object> PayloadAsync(Session sql, Job job);

    /// <summary>Takes the agent's result; throws a refusal where it does not fit.</summary>
    Task CompletedAsync(Change change, Job job, JsonElement result);

    /// <summary>The job was given up or cancelled.</summary>
    Task EndedAsync(Change change, Job job, string state, string reason);
}
