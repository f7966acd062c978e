using System.Net;
using System.Text.Json;

namespace Baton.Client;

public sealed partial class BatonClient
{
    /// <summary>Asks for a job of one of the kinds, waiting up to <paramref name="wait"/> for one; null where none came.</summary>
    /// <param name="agent">Name of the asking agent, for people.</param>
    /// <param name="kinds">Kinds it can do, e.g. <c>verification</c>.</param>
    /// <param name="wait">How long the server may hold the question.</param>
    /// <param name="cancel">Stops waiting.</param>
    public async Task<ClaimedJob?> ClaimJobAsync(string agent, IReadOnlyList<string> kinds, TimeSpan wait, CancellationToken cancel = default)
    {
        using var content = Json(new { agent, kinds, wait_seconds = (int)wait.TotalSeconds });
        using var response = await SendAsync(HttpMethod.Post, "api/v1/jobs/claim", content, cancel).ConfigureAwait(false);
        return response.StatusCode == HttpStatusCode.NoContent ? null : await ReadAsync<ClaimedJob>(response, cancel).ConfigureAwait(false);
    }

    /// <summary>Keeps the lease of a job. <c>stale_attempt</c> (409) says that another attempt has it now: stop.</summary>
    /// <param name="job">Job.</param>
    /// <param name="attempt">Attempt that was claimed.</param>
    /// <param name="progress">What is being done, one short line.</param>
    /// <param name="cancel">Stops the call.</param>
    public Task<JobLease> HeartbeatAsync(string job, int attempt, string? progress = null, CancellationToken cancel = default) =>
        PostAsync<JobLease>($"api/v1/jobs/{Escape(job)}/heartbeat", new { attempt, progress }, cancel);

    /// <summary>Hands in the result of a job. <c>stale_attempt</c> (409) says that it came too late.</summary>
    public Task CompleteJobAsync<T>(string job, int attempt, T result, CancellationToken cancel = default)
        where T : notnull =>
        PostAsync($"api/v1/jobs/{Escape(job)}/complete", new { attempt, result }, cancel);

    /// <summary>Says that a job could not be done here; the server tries it again up to three times.</summary>
    /// <param name="job">Job.</param>
    /// <param name="attempt">Attempt that was claimed.</param>
    /// <param name="reason">Why, for people.</param>
    /// <param name="cancel">Stops the call.</param>
    public Task FailJobAsync(string job, int attempt, string reason, CancellationToken cancel = default) =>
        PostAsync($"api/v1/jobs/{Escape(job)}/fail", new { attempt, reason }, cancel);

    /// <summary>
    /// Streams a blob into a file while checking it against its digest. The file appears whole or not at all; an existing one is replaced.
    /// <see cref="DigestMismatchException"/> where the bytes are others.
    /// </summary>
    /// <param name="digest">Digest, <c>sha256:…</c>.</param>
    /// <param name="file">Path to write; its folder must exist.</param>
    /// <param name="cancel">Stops the transfer.</param>
    public async Task DownloadBlobAsync(string digest, string file, CancellationToken cancel = default)
    {
        using var response = await ReceiveAsync($"api/v1/blobs/{digest}", cancel).ConfigureAwait(false);
        await SaveAsync(response, file, digest, cancel).ConfigureAwait(false);
    }
}

/// <summary>A job that this agent holds.</summary>
public sealed record ClaimedJob
{
    /// <summary>Id.</summary>
    public required string Id { get; init; }

    /// <summary>Kind: <c>verification</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Number of this attempt, from 1; goes with every later call.</summary>
    public required int Attempt { get; init; }

    /// <summary>Seconds until the lease ends without a heartbeat.</summary>
    public required double LeaseSeconds { get; init; }

    /// <summary>What to do, in the shape of the kind.</summary>
    public required JsonElement Payload { get; init; }
}

/// <summary>Answer to a heartbeat.</summary>
/// <param name="Cancel">Whether the job is to be stopped.</param>
/// <param name="LeaseSeconds">Seconds until the lease ends without another.</param>
public sealed record JobLease(bool Cancel, double LeaseSeconds);
