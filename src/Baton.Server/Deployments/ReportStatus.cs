using Baton.Contracts;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Deployments;

/// <summary>Takes a serving node's word on what it serves. It is no decision: only the last word is kept, and nothing of it stands in the ledger.</summary>
internal sealed class ReportStatus(Writes writes, DeploymentsStore store)
{
    /// <summary>A node that was silent for longer does not count.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Forgotten = TimeSpan.FromHours(1);

    private const int MaxBody = 1024 * 1024;
    private const int MaxName = 256;

    public Task HandleAsync(Caller caller, NodeStatus status, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(status.Node) || status.Node.Length > MaxName || string.IsNullOrWhiteSpace(status.Address) || status.Endpoints is null)
            throw Refusal.Invalid($"A status names the node (up to {MaxName} characters), its address and its endpoints: {{\"node\": \"…\", \"address\": \"http://127.0.0.1:8080\", \"endpoints\": []}}.");
        if (status.Endpoints.FirstOrDefault(e => !EndpointReport.States.Contains(e.State)) is { } wrong)
            throw Refusal.Invalid($"The endpoint '{wrong.Endpoint}' is in state '{wrong.State}': expected {string.Join(", ", EndpointReport.States)}.");
        return writes.RunAsync(caller, async change =>
        {
            await store.PutNodeAsync(change, status.Node, status.Address, Documents.Write(status), change.Now - Forgotten.Ticks / TimeSpan.TicksPerMicrosecond);
            return true;
        }, cancellation);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("POST", "serving/status", Permission.WatchServing, async (
        HttpRequest request, Caller caller, ReportStatus report, CancellationToken cancellation) =>
    {
        await report.HandleAsync(caller, Documents.Read<NodeStatus>(await request.ReadTextAsync(MaxBody, cancellation)), cancellation);
        return Results.Text("{}", "application/json");
    });
}
