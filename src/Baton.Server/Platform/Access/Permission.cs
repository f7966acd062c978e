using Microsoft.AspNetCore.Builder;

namespace Baton.Server.Platform.Access;

/// <summary>What a route asks of its caller. Every route carries one, or the server refuses to start.</summary>
internal sealed record Permission(string Name)
{
    public static readonly Permission Anyone = new("anyone");
    public static readonly Permission ReadRuns = new("runs.read");
    public static readonly Permission WriteRuns = new("runs.write");
    public static readonly Permission ReadArtifacts = new("artifacts.read");
    public static readonly Permission WriteArtifacts = new("artifacts.write");
    public static readonly Permission CollectGarbage = new("artifacts.collect");
    public static readonly Permission ReadRegistry = new("registry.read");
    public static readonly Permission WriteRegistry = new("registry.write");
    public static readonly Permission ReadHandoff = new("handoff.read");
    public static readonly Permission WriteHandoff = new("handoff.write");
    public static readonly Permission SetHandoffPolicy = new("handoff.policy");
    public static readonly Permission ReadHoldouts = new("holdouts.read");
    public static readonly Permission WriteHoldouts = new("holdouts.write");
    public static readonly Permission ReadComments = new("comments.read");
    public static readonly Permission WriteComments = new("comments.write");
    public static readonly Permission Waive = new("promotion.waive");
    public static readonly Permission ReadVerification = new("verification.read");
    public static readonly Permission WriteVerification = new("verification.write");
    public static readonly Permission ReadPromotion = new("promotion.read");
    public static readonly Permission Promote = new("promotion.write");
    public static readonly Permission ReadLedger = new("ledger.read");
    public static readonly Permission ReadMetrics = new("metrics.read");
    public static readonly Permission ReadPages = new("pages.read");
    public static readonly Permission RunJobs = new("jobs.run");
    public static readonly Permission ReadBlobs = new("blobs.read");
    public static readonly Permission ReadDeployments = new("deployments.read");
    public static readonly Permission WriteDeployments = new("deployments.write");
    public static readonly Permission WatchServing = new("serving.watch");
    public static readonly Permission ReadPredictions = new("predictions.read");
    public static readonly Permission WritePredictions = new("predictions.write");
    public static readonly Permission ReplayPredictions = new("predictions.replay");
    public static readonly Permission WriteLabels = new("labels.write");
    public static readonly Permission RetryEvents = new("events.retry");
    public static readonly Permission ReadWebhooks = new("webhooks.read");
    public static readonly Permission WriteWebhooks = new("webhooks.write");
    public static readonly Permission ReadLineage = new("lineage.read");
    public static readonly Permission Import = new("import.write");
    public static readonly Permission ReadMonitoring = new("monitoring.read");
}

internal static class PermissionEndpoints
{
    /// <summary>Sets what the route, or every route of the group, asks of its caller.</summary>
    public static TBuilder Requires<TBuilder>(this TBuilder endpoint, Permission permission)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.Add(builder => builder.Metadata.Add(permission));
        return endpoint;
    }
}
