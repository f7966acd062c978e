using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Baton.Client;
using Baton.Contracts;

namespace Baton.UnitTests.Verification.Agent;

/// <summary>The agents' part of a control plane, in memory: one job, its files, and what the agent said of it.</summary>
internal sealed class ControlPlaneDouble : HttpMessageHandler
{
    private int _claims;

    public object? Payload { get; set; }

    public Dictionary<string, byte[]> Blobs { get; } = [];

    public HashSet<string> Corrupt { get; } = [];

    public bool Cancel { get; set; }

    public bool Stale { get; set; }

    public int Unreachable { get; set; }

    /// <summary>What the next results handed in are answered with, instead of being taken.</summary>
    public Queue<(HttpStatusCode Status, string Code)> Faults { get; } = [];

    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(0.3);

    public ConcurrentQueue<string> Progress { get; } = new();

    public TaskCompletionSource<Evidence> Completed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource<ReplayResult> Replayed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource<string> Failed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Put(byte[] content)
    {
        var digest = Digests.Sha256(content);
        Blobs[digest] = content;
        return digest;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath;
        if (Unreachable-- > 0)
            throw new HttpRequestException("refused");
        var body = request.Content is null ? default : await request.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        if (path == "/api/v1/jobs/claim")
        {
            if (Interlocked.Increment(ref _claims) == 1)
                return Json(new { id = "job1", kind = Payload is ReplayRequest ? "replay" : "verification", attempt = 1, lease_seconds = Lease.TotalSeconds, payload = Payload });
            await Task.Delay(50, cancellationToken);
            return new HttpResponseMessage(HttpStatusCode.NoContent);
        }

        if (path.StartsWith("/api/v1/blobs/", StringComparison.Ordinal))
        {
            var digest = path["/api/v1/blobs/".Length..];
            return Corrupt.Contains(digest)
                ? Json(new { title = "A stored file is corrupt", status = 500, code = "blob_corrupt", detail = $"The blob {digest} no longer has its digest." }, HttpStatusCode.InternalServerError)
                : new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(Blobs[digest]) };
        }

        if (Stale)
            return Json(new { title = "stale", status = 409, code = "stale_attempt", detail = "The job has gone on without this attempt." }, HttpStatusCode.Conflict);
        if (path.EndsWith("/complete", StringComparison.Ordinal) && Faults.TryDequeue(out var fault))
            return Json(new { title = "fault", status = (int)fault.Status, code = fault.Code, detail = "Nothing was changed." }, fault.Status);
        switch (path)
        {
            case "/api/v1/jobs/job1/heartbeat":
                Progress.Enqueue(body.TryGetProperty("progress", out var progress) ? progress.GetString()! : "");
                return Json(new { cancel = Cancel, lease_seconds = Lease.TotalSeconds });
            case "/api/v1/jobs/job1/complete" when Payload is ReplayRequest:
                Replayed.TrySetResult(Documents.Read<ReplayResult>(body.GetProperty("result").GetRawText()));
                return Json(new { });
            case "/api/v1/jobs/job1/complete":
                Completed.TrySetResult(Documents.Read<Evidence>(body.GetProperty("result").GetRawText()));
                return Json(new { });
            case "/api/v1/jobs/job1/fail":
                Failed.TrySetResult(body.GetProperty("reason").GetString()!);
                return Json(new { });
            default:
                return new HttpResponseMessage(HttpStatusCode.NotFound);
        }
    }

    private static HttpResponseMessage Json(object value, HttpStatusCode status = HttpStatusCode.OK) => new(status) { Content = JsonContent.Create(value, options: WireJson.Options) };
}
