using System.Text.Json;
using Baton.Client;
using Baton.Contracts;

namespace Baton.Verification.Agent;

/// <summary>
/// An agent: asks the control plane for verifications and replays, runs each in a child process, and hands in the result. Nothing that a job does ends
/// the agent; a server that is away is waited for.
/// </summary>
public sealed class AgentLoop
{
    private const string Replay = "replay";

    private static readonly string[] Kinds = ["verification", Replay];
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HandBackWithin = TimeSpan.FromSeconds(3);

    private readonly BatonClient _client;
    private readonly AgentOptions _options;
    private readonly TimeProvider _time;
    private readonly Action<string> _log;
    private readonly BlobCache _blobs;

    /// <summary>An agent of a server.</summary>
    /// <param name="client">The server, with the agent's token.</param>
    /// <param name="options">How it works.</param>
    /// <param name="time">Clock.</param>
    /// <param name="log">Takes one line for each thing that people may want to know.</param>
    public AgentLoop(BatonClient client, AgentOptions options, TimeProvider time, Action<string> log)
    {
        _client = client;
        _options = options;
        _time = time;
        _log = log;
        _blobs = new BlobCache(Path.Combine(options.WorkDirectory, "blobs"), options.CacheBytes, time, client.DownloadBlobAsync);
        // What a job left behind when the agent was killed.
        using (JobFolder.Create(Jobs))
        {
        }
    }

    private string Jobs => Path.Combine(_options.WorkDirectory, "jobs");

    /// <summary>Works until cancelled; a job under way is then handed back.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var pause = TimeSpan.FromMilliseconds(200);
        var away = false;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var job = await _client.ClaimJobAsync(_options.Name, Kinds, _options.Wait, stop);
                if (away)
                    _log($"The server {_client.Server} answers again.");
                (away, pause) = (false, TimeSpan.FromMilliseconds(200));
                if (job is not null)
                    await ExecuteAsync(job, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is ServerUnreachableException or BatonApiException)
            {
                if (!away)
                    _log($"{e.Message} Trying again.");
                away = true;
                await Task.Delay(pause, _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    private async Task ExecuteAsync(ClaimedJob job, CancellationToken stop)
    {
        await using var lease = new JobLeaseKeeper(_client, job, _time, stop);
        try
        {
            await (job.Kind == Replay ? ReplayAsync(job, lease) : VerifyAsync(job, lease));
        }
        catch (OperationCanceledException) when (lease.Lost)
        {
            _log($"Stopped job {job.Id}: {lease.LostBecause}.");
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await HandBackAsync(job, "the agent was stopped");
        }
        catch (BatonApiException e) when (e.Code == JobLeaseKeeper.Stale)
        {
            _log($"Job {job.Id} was given to another attempt: {e.Message}");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _log($"Job {job.Id} could not be done here: {e.Message}");
            await HandBackAsync(job, e is JsonException or ContractException ? $"the request cannot be read: {e.Message}" : e.Message);
        }
    }

    private async Task VerifyAsync(ClaimedJob job, JobLeaseKeeper lease)
    {
        var request = Documents.Read<VerificationRequest>(job.Payload.GetRawText());
        _log($"Verifying {request.Model}/{request.Version} (job {job.Id}, attempt {job.Attempt}).");
        var evidence = await VerifyAsync(job, request, lease);
        await lease.HandInAsync(evidence);
        _log($"Verified {request.Model}/{request.Version}: {Documents.Write(evidence.Verdict).Trim('"')}.");
    }

    private async Task ReplayAsync(ClaimedJob job, JobLeaseKeeper lease)
    {
        var request = Documents.Read<ReplayRequest>(job.Payload.GetRawText());
        using var folder = JobFolder.Create(Path.Combine(Jobs, $"{job.Id}-{job.Attempt}"));
        lease.Progress = "downloading the package";
        var result = await folder.FillAsync(request.Package, _blobs, lease.Ended) is { } corrupt
            ? new ReplayResult { Fault = $"{corrupt.Path} is not what was sealed as {corrupt.Digest}: {corrupt.Reason.TrimEnd('.')}." }
            : await ReplayRun.RunAsync(request, folder.Path, _options, _time, lease.Ended);
        await lease.HandInAsync(result);
        _log($"Ran a prediction through {request.Model}/{request.Version} again: {result.Fault ?? "done."}");
    }

    private async Task<Evidence> VerifyAsync(ClaimedJob job, VerificationRequest request, JobLeaseKeeper lease)
    {
        var started = _time.GetUtcNow();
        using var folder = JobFolder.Create(Path.Combine(Jobs, $"{job.Id}-{job.Attempt}"));
        lease.Progress = "downloading the package";
        return await folder.FillAsync(request, _blobs, lease.Ended) is { } corrupt
            ? BrokenOff.Corrupt(request, corrupt, started, _time)
            : await JobRun.RunAsync(request, folder.Path, _options, line => lease.Progress = line, _time, lease.Ended);
    }

    private async Task HandBackAsync(ClaimedJob job, string reason)
    {
        using var limit = new CancellationTokenSource(HandBackWithin, _time);
        try
        {
            await _client.FailJobAsync(job.Id, job.Attempt, reason, limit.Token);
        }
        catch (Exception e) when (e is ServerUnreachableException or BatonApiException or OperationCanceledException)
        {
            // The lease runs out, and the server gives the job away again.
        }
    }
}
