using Baton.Contracts;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Deployments;

/// <summary>Says what is kept of an endpoint's predictions: which share, and which inputs without their values. Serving nodes hear of it at once.</summary>
internal sealed class SetLogging(Writes writes, DeploymentsStore store)
{
    private const int MaxBody = 16 * 1024;

    public Task<PredictionLogging> HandleAsync(Caller caller, EndpointName name, PredictionLogging logging, CancellationToken cancellation)
    {
        if (logging.Sample is not (>= 0 and <= 1))
            throw Refusal.Invalid($"'sample' is {logging.Sample}: expected the share of the predictions to keep, 0 to 1.");
        if (logging.Redact.Any(string.IsNullOrWhiteSpace))
            throw Refusal.Invalid("'redact' holds an empty name: expected the names of inputs whose values are not kept.");
        return writes.RunAsync(caller, async change =>
        {
            if ((await store.LockAsync(change, name.Value)).Latest is null)
                throw DeploymentsErrors.NoEndpoint(name.Value);
            await store.SetLoggingAsync(change, name.Value, logging);
            await change.RecordAsync("endpoint.logging_set", name.Subject, logging);
            return logging;
        }, cancellation);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("PUT", "endpoints/{endpoint}/logging", Permission.WriteDeployments, async (
        string endpoint, HttpRequest request, Caller caller, SetLogging set, CancellationToken cancellation) =>
    {
        var body = Documents.Read<Body>(await request.ReadTextAsync(MaxBody, cancellation));
        var logging = new PredictionLogging(body.Sample ?? 1, body.Redact ?? []);
        return Results.Json(await set.HandleAsync(caller, EndpointName.Parse(endpoint), logging, cancellation), Documents.Compact);
    });

    private sealed record Body(double? Sample, IReadOnlyList<string>? Redact);
}
