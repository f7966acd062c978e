using Baton.Contracts;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ids;
using Baton.Server.Platform.Ledger;
using Baton.Server.Registry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Deployments;

/// <summary>Binds an endpoint to a sealed version. A stage is resolved here and now: a later move of it does not move the endpoint.</summary>
internal sealed class DeployVersion(Writes writes, DeploymentsStore store, RegistryStore registry, EndpointGate gate, Proofs proofs, IdSource ids)
{
    private const int MaxBody = 16 * 1024;

    public async Task<Deployment> HandleAsync(Caller caller, Request request, CancellationToken cancellation)
    {
        if (request.Version is null == request.Stage is null)
            throw DeploymentsErrors.NeitherVersionNorStage();
        var outcome = await writes.RunAsync(caller, change => DecideAsync(change, request), cancellation);
        return outcome.Deployment ?? throw outcome.Refusal!;
    }

    private async Task<Outcome> DecideAsync(Change change, Request request)
    {
        var endpoint = await store.LockAsync(change, request.Endpoint.Value);
        await registry.LockModelAsync(change, request.Model.Value);
        var version = await ChosenAsync(change, request);
        if (endpoint.Latest is { } latest && latest.Model != version.Name)
            throw DeploymentsErrors.OtherModel(endpoint.Name, latest.Model, version.Name);
        DeploymentsErrors.RequireCurrent(endpoint, request.ExpectedCurrent);
        if (endpoint.Current is { } current && current.Version == version.Version)
            return new Outcome(await proofs.OfAsync(change.Sql, change.Project, current), null);
        var package = version.ManifestDigest ?? throw RegistryErrors.Unsealed(version);
        var answer = await gate.ExamineAsync(change.Sql, change.Project, version);
        if (!answer.Open)
        {
            await change.RecordAsync(
                "deployment.refused",
                request.Endpoint.Subject,
                new { model = version.Name, version = version.Version, previous = endpoint.Current?.Version, verdict = answer.Verdict, reasons = answer.Reasons, reason = request.Reason },
                answer.EvidenceDigest);
            return new Outcome(null, DeploymentsErrors.GateRefused(version, endpoint.Name, answer));
        }

        var proof = await proofs.FindAsync(change.Sql, change.Project, version.Name, version.Version, package);
        var deployment = new Deployment
        {
            Project = change.Project,
            Id = ids.Next(),
            Endpoint = endpoint.Name,
            Model = version.Name,
            Version = version.Version,
            PackageDigest = package,
            Kind = Deployment.Deploy,
            Previous = endpoint.Current?.Version,
            // Put back into service with what it served last, it goes back to where that went.
            ReturnsTo = endpoint.Latest?.Version == version.Version ? endpoint.Latest.ReturnsTo : endpoint.Latest?.Id,
            Reason = request.Reason,
            Actor = change.Caller.Actor.Name,
            At = change.Now,
            Verified = proof.Verified,
        };
        var seq = await change.RecordAsync("deployment.done", request.Endpoint.Subject, DecisionDetail.Of(deployment), proof.EvidenceDigest);
        await store.PutAsync(change, deployment with { Seq = seq });
        return new Outcome(deployment with { Seq = seq }, null);
    }

    private async Task<ModelVersion> ChosenAsync(Change change, Request request)
    {
        var model = request.Model.Value;
        if (request.Version is { } number)
            return await registry.FindVersionAsync(change.Sql, change.Project, model, number) ?? throw RegistryErrors.NoVersion(model, number);
        return await registry.FindInStageAsync(change.Sql, change.Project, model, request.Stage!) ?? throw DeploymentsErrors.EmptyStage(model, request.Stage!);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("POST", "endpoints/{endpoint}/deployments", Permission.WriteDeployments, async (
        string endpoint, HttpRequest request, Caller caller, DeployVersion deploy, CancellationToken cancellation) =>
    {
        var body = Documents.Read<Body>(await request.ReadTextAsync(MaxBody, cancellation));
        var done = await deploy.HandleAsync(
            caller,
            new Request(EndpointName.Parse(endpoint), ModelName.Parse(body.Model ?? ""))
            {
                Version = body.Version is null ? null : ModelVersion.ParseNumber(body.Version),
                Stage = body.Stage is null ? null : StageOf(body.Stage),
                ExpectedCurrent = body.ExpectedCurrent,
                Reason = body.Reason,
            },
            cancellation);
        return DeploymentView.Answer(done);
    });

    private static string StageOf(string text) =>
        Stages.Find(text) is { } stage and (Stages.Staging or Stages.Production) ? stage : throw DeploymentsErrors.NoStage(text);

    /// <param name="Endpoint">What is to serve; made where there is none.</param>
    /// <param name="Model">Registered model.</param>
    public sealed record Request(EndpointName Endpoint, ModelName Model)
    {
        /// <summary>The version; or else <see cref="Stage"/>.</summary>
        public long? Version { get; init; }

        /// <summary><c>Staging</c> or <c>Production</c>, for the version that is there now.</summary>
        public string? Stage { get; init; }

        /// <summary>Number of the version that must be served now, empty for none; null does not ask.</summary>
        public string? ExpectedCurrent { get; init; }

        public string? Reason { get; init; }
    }

    private sealed record Outcome(Deployment? Deployment, Refusal? Refusal);

    private sealed record Body(string? Model, string? Version, string? Stage, string? ExpectedCurrent, string? Reason);
}
