using Baton.Contracts;
using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Jobs;
using Baton.Server.Platform.Ledger;
using Baton.Server.Registry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Verification;

/// <summary>Reads verifications with their evidence, and cancels one.</summary>
internal sealed class ReadVerifications(BatonDatabase database, Writes writes, VerificationStore store, JobQueue jobs, Staleness staleness)
{
    /// <summary>Newest first; every filter is optional.</summary>
    public Task<IReadOnlyList<VerificationRecord>> ListAsync(
        Caller caller, string? model, long? version, string? handoff, CancellationToken cancellation) =>
        database.ReadAsync(
            async sql => await staleness.OfAsync(sql, caller.Project, await store.ListAsync(sql, caller.Project, model, version, handoff)), cancellation);

    /// <summary>One with its evidence, where it has finished.</summary>
    public Task<(VerificationRecord Verification, Evidence? Evidence)> GetAsync(Caller caller, string id, CancellationToken cancellation) =>
        database.ReadAsync(async sql =>
        {
            var found = await store.FindAsync(sql, caller.Project, id) ?? throw Refusal.NotFound($"There is no verification {id}.");
            found = (await staleness.OfAsync(sql, caller.Project, [found]))[0];
            return (found, found.EvidenceDigest is { } digest ? await store.FindEvidenceAsync(sql, caller.Project, digest) : null);
        }, cancellation);

    public Task<VerificationRecord> CancelAsync(Caller caller, string id, CancellationToken cancellation) => writes.RunAsync(caller, async change =>
    {
        var found = await store.FindAsync(change.Sql, caller.Project, id) ?? throw Refusal.NotFound($"There is no verification {id}.");
        await jobs.CancelAsync(change, found.JobId);
        return (await store.FindAsync(change.Sql, caller.Project, id))!;
    }, cancellation);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapV1("GET", "verifications", Permission.ReadVerification, async (
            string? model, string? version, string? handoff, Caller caller, ReadVerifications read, CancellationToken cancellation) =>
        {
            var found = await read.ListAsync(caller, model, version is null ? null : ModelVersion.ParseNumber(version), handoff, cancellation);
            return Results.Json(new Listing([.. found.Select(v => VerificationView.Of(v))]), Documents.Compact);
        });
        routes.MapV1("GET", "verifications/{id}", Permission.ReadVerification, async (
            string id, Caller caller, ReadVerifications read, CancellationToken cancellation) =>
        {
            var (verification, evidence) = await read.GetAsync(caller, id, cancellation);
            return Results.Json(VerificationView.Of(verification, evidence), Documents.Compact);
        });
        routes.MapV1("POST", "verifications/{id}/cancel", Permission.WriteVerification, async (
            string id, Caller caller, ReadVerifications read, CancellationToken cancellation) =>
            Results.Json(VerificationView.Of(await read.CancelAsync(caller, id, cancellation)), Documents.Compact));
    }

    private sealed record Listing(IReadOnlyList<VerificationView> Verifications);
}
