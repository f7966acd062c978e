using System.Text.Json;
using Baton.Contracts;
using Baton.Database;
using Baton.Server.Handoff;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Events;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ids;
using Baton.Server.Platform.Jobs;
using Baton.Server.Platform.Ledger;
using Baton.Server.Registry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Verification;

/// <summary>Queues the verification of a version: by a handoff's event, or because somebody asks for it again.</summary>
internal sealed class StartVerification(
    Writes writes, VerificationStore store, HandoffStore handoffs, RegistryStore registry, JobQueue jobs, JobSignal signal, IdSource ids) : IEventSubscriber
{
    public string Name => "verification.start";

    public IReadOnlyCollection<string> Types { get; } = [SubmitHandoff.Submitted];

    public async Task<VerificationRecord> HandleAsync(Caller caller, ModelName model, long version, CancellationToken cancellation)
    {
        var started = await writes.RunAsync(caller, async change =>
        {
            var contract = await handoffs.FindInForceAsync(change.Sql, change.Project, model.Value) ?? throw HandoffErrors.NoContractInForce(model.Value);
            return await StartAsync(change, model.Value, version, contract.Digest, null);
        }, cancellation);
        signal.Wake();
        return started;
    }

    /// <summary>A handoff begins one verification for each candidate; hearing of it again begins none.</summary>
    public async Task HandleAsync(Event happened, CancellationToken cancellation)
    {
        var submitted = JsonSerializer.Deserialize<SubmitHandoff.SubmittedData>(happened.Data, Documents.Compact)!;
        try
        {
            await BeginAsync(happened, submitted, cancellation);
        }
        catch (UniqueViolationException)
        {
            // Another control plane heard of it at the same moment and has begun them all.
        }

        signal.Wake();
    }

    private Task BeginAsync(Event happened, SubmitHandoff.SubmittedData submitted, CancellationToken cancellation) =>
        writes.RunAsync(new Caller(Actor.Baton, happened.Project), async change =>
        {
            var begun = await store.ListAsync(change.Sql, change.Project, submitted.Model, null, submitted.Handoff);
            foreach (var version in submitted.Versions.Where(v => begun.All(b => b.Version != v)))
                await StartAsync(change, submitted.Model, version, submitted.Contract, submitted.Handoff);
            return true;
        }, cancellation);

    private async Task<VerificationRecord> StartAsync(Change change, string model, long number, string contractDigest, string? handoff)
    {
        var version = await registry.FindVersionAsync(change.Sql, change.Project, model, number) ?? throw RegistryErrors.NoVersion(model, number);
        var claims = await handoffs.FindClaimsAsync(change.Sql, change.Project, model, number) ?? throw HandoffErrors.NoClaims(model, number);
        var id = ids.Next();
        await store.InsertAsync(change, new VerificationRecord
        {
            Id = id,
            HandoffId = handoff,
            Model = model,
            Version = number,
            JobId = await jobs.EnqueueAsync(change, VerificationJobs.KindName, id),
            ContractDigest = contractDigest,
            ClaimsDigest = claims.Digest,
            PackageDigest = version.ManifestDigest ?? throw RegistryErrors.Unsealed(version),
        });
        var holdout = await UseHoldoutAsync(change, model, contractDigest, id);
        await change.RecordAsync("verification.queued", version.Subject, new { verification = id, handoff, contract = contractDigest, claims = claims.Digest, holdout });
        return (await store.FindAsync(change.Sql, change.Project, id))!;
    }

    /// <summary>The holdout that the contract names is used by being asked for, whatever comes of it. Null where it names none, or there is none.</summary>
    private async Task<string?> UseHoldoutAsync(Change change, string model, string contractDigest, string verification)
    {
        var contract = (await handoffs.FindContractAsync(change.Sql, change.Project, model, contractDigest))!;
        if (ContractParser.ParseOrThrow(contract.Document).Data?.Holdout is not { } demanded)
            return null;
        if ((await store.ListHoldoutsAsync(change.Sql, change.Project, model)).FirstOrDefault(h => h.Name == demanded.Name) is not { } holdout)
            return null;
        await store.UseHoldoutAsync(change, verification, holdout);
        return holdout.Name;
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1(
        "POST", "models/{name}/versions/{version}/verifications", Permission.WriteVerification, async (
        string name, string version, Caller caller, StartVerification start, CancellationToken cancellation) =>
        Results.Json(
            VerificationView.Of(await start.HandleAsync(caller, ModelName.Parse(name), ModelVersion.ParseNumber(version), cancellation)),
            Documents.Compact));
}
