using Baton.Contracts;

namespace Baton.Client;

public sealed partial class BatonClient
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(300);

    /// <summary>Verifications, newest first, without their evidence; every filter is optional.</summary>
    public async Task<IReadOnlyList<VerificationRecord>> ListVerificationsAsync(
        string? model = null, string? version = null, string? handoff = null, CancellationToken cancel = default)
    {
        var path = Query("api/v1/verifications", ("model", model), ("version", version), ("handoff", handoff));
        return (await GetAsync<VerificationListing>(path, cancel).ConfigureAwait(false)).Verifications;
    }

    /// <summary>A verification, with its evidence once finished.</summary>
    public Task<VerificationRecord> GetVerificationAsync(string id, CancellationToken cancel = default) =>
        GetAsync<VerificationRecord>($"api/v1/verifications/{Escape(id)}", cancel);

    /// <summary>Has a version verified again, e.g. after production changed.</summary>
    public Task<VerificationRecord> VerifyAsync(string model, string version, CancellationToken cancel = default) =>
        PostAsync<VerificationRecord>($"{Version(model, version)}/verifications", new { }, cancel);

    /// <summary>Cancels a verification.</summary>
    public Task<VerificationRecord> CancelVerificationAsync(string id, CancellationToken cancel = default) =>
        PostAsync<VerificationRecord>($"api/v1/verifications/{Escape(id)}/cancel", new { }, cancel);

    /// <summary>Waits until a verification is over, finished or not.</summary>
    /// <param name="id">Verification.</param>
    /// <param name="seen">Told of every look.</param>
    /// <param name="cancel">Stops the waiting, not the verification.</param>
    public async Task<VerificationRecord> WaitForVerificationAsync(
        string id, Action<VerificationRecord>? seen = null, CancellationToken cancel = default)
    {
        while (true)
        {
            var verification = await GetVerificationAsync(id, cancel).ConfigureAwait(false);
            seen?.Invoke(verification);
            if (verification.IsOver)
                return verification;
            await Task.Delay(LookEvery, _time, cancel).ConfigureAwait(false);
        }
    }

    private sealed record VerificationListing(IReadOnlyList<VerificationRecord> Verifications);
}

/// <summary>Where a verification stands.</summary>
public enum VerificationState
{
    /// <summary>Waits for an agent.</summary>
    Queued,

    /// <summary>An agent is at it.</summary>
    Running,

    /// <summary>There is evidence and a verdict.</summary>
    Finished,

    /// <summary>It could not be carried out; the reason says why.</summary>
    Failed,

    /// <summary>Somebody stopped it.</summary>
    Cancelled,
}

/// <summary>One verification of one version under one contract.</summary>
public sealed record VerificationRecord
{
    /// <summary>Id.</summary>
    public required string Id { get; init; }

    /// <summary>Handoff that asked for it.</summary>
    public string? HandoffId { get; init; }

    /// <summary>Registered model.</summary>
    public required string Model { get; init; }

    /// <summary>Version.</summary>
    public required string Version { get; init; }

    /// <summary>Where it stands.</summary>
    public required VerificationState State { get; init; }

    /// <summary>The verdict, once finished.</summary>
    public Verdict? Verdict { get; init; }

    /// <summary>What the agent is doing.</summary>
    public string? Progress { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Reason { get; init; }

    /// <summary>Agent.</summary>
    public string? Agent { get; init; }

    /// <summary>Digest of the contract.</summary>
    public string? ContractDigest { get; init; }

    /// <summary>Digest of the claims.</summary>
    public string? ClaimsDigest { get; init; }

    /// <summary>Digest of the package.</summary>
    public string? PackageDigest { get; init; }

    /// <summary>Digest of the evidence.</summary>
    public string? EvidenceDigest { get; init; }

    /// <summary>Version in production that it was compared with.</summary>
    public string? ProductionVersion { get; init; }

    /// <summary>When it was asked for, UTC.</summary>
    public DateTimeOffset? QueuedAt { get; init; }

    /// <summary>When an agent began, UTC.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it was over, UTC.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>What has changed since it finished: <c>contract</c>, <c>claims</c>, <c>package</c>, <c>production</c>; null for nothing. Such evidence opens no gate.</summary>
    public IReadOnlyList<string>? Stale { get; init; }

    /// <summary>What was found; only where one verification is asked for.</summary>
    public Evidence? Evidence { get; init; }

    /// <summary>Whether nothing more will come.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsOver => State is VerificationState.Finished or VerificationState.Failed or VerificationState.Cancelled;
}
