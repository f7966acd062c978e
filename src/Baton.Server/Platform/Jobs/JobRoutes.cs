using System.Text.Json;
using Baton.Contracts;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Platform.Jobs;

/// <summary>The agents' side of the queue.</summary>
internal static class JobRoutes
{
    private const int MaxBody = 32 * 1024 * 1024;

    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        routes.MapV1("POST", "jobs/claim", Permission.RunJobs, async (HttpRequest request, JobQueue queue, ServerOptions options, CancellationToken cancellation) =>
        {
            var body = await ReadAsync<ClaimBody>(request, cancellation);
            if (string.IsNullOrEmpty(body.Agent) || body.Kinds is not { Count: > 0 })
                throw Refusal.Invalid("A claim names the agent and the kinds of job it takes: {\"agent\": \"…\", \"kinds\": [\"verification\"]}.");
            var wait = TimeSpan.FromSeconds(Math.Clamp(body.WaitSeconds ?? 0, 0, 60));
            return await queue.ClaimAsync(body.Agent, body.Kinds, wait, cancellation) is var (job, payload)
                ? Results.Json(new ClaimedJob(job.Id, job.Kind, job.Attempt, options.JobLease.TotalSeconds, payload), Documents.Compact)
                : Results.NoContent();
        });
        routes.MapV1("POST", "jobs/{id}/heartbeat", Permission.RunJobs, async (string id, HttpRequest request, JobQueue queue, ServerOptions options, CancellationToken cancellation) =>
        {
            var body = await ReadAsync<AttemptBody>(request, cancellation);
            var cancel = await queue.HeartbeatAsync(id, body.Attempt, body.Progress, cancellation);
            return Results.Json(new HeartbeatAnswer(cancel, options.JobLease.TotalSeconds), Documents.Compact);
        });
        routes.MapV1("POST", "jobs/{id}/complete", Permission.RunJobs, async (string id, HttpRequest request, JobQueue queue, CancellationToken cancellation) =>
        {
            var body = await ReadAsync<AttemptBody>(request, cancellation);
            await queue.CompleteAsync(id, body.Attempt, body.Result, cancellation);
            return Results.Text("{}", "application/json");
        });
        routes.MapV1("POST", "jobs/{id}/fail", Permission.RunJobs, async (string id, HttpRequest request, JobQueue queue, CancellationToken cancellation) =>
        {
            var body = await ReadAsync<AttemptBody>(request, cancellation);
            await queue.FailAsync(id, body.Attempt, body.Reason ?? "no reason given", cancellation);
            return Results.Text("{}", "application/json");
        });
    }

    private static async Task<T> ReadAsync<T>(HttpRequest request, CancellationToken cancellation) =>
        Documents.Read<T>(await request.ReadTextAsync(MaxBody, cancellation));

    private sealed record ClaimBody(string? Agent, IReadOnlyList<string>? Kinds, double? WaitSeconds);

    private sealed record AttemptBody(long Attempt, string? Progress, string? Reason, JsonElement Result);

    private sealed record ClaimedJob(string Id, string Kind, long Attempt, double LeaseSeconds, object Payload);

    private sealed record HeartbeatAnswer(bool Cancel, double LeaseSeconds);
}
