using System.Globalization;
using Baton.Contracts;
using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ids;
using Baton.Server.Platform.Ledger;
using Baton.Server.Registry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Handoff;

/// <summary>Hands one or more candidates over under the contract in force. Verification hears of it by the event.</summary>
internal sealed class SubmitHandoff(BatonDatabase database, Writes writes, HandoffStore store, RegistryStore registry, IdSource ids)
{
    /// <summary>The event that starts verification; its data hold <c>handoff</c> (the id), <c>model</c> and <c>versions</c>.</summary>
    public const string Submitted = "handoff.submitted";

    private const int MaxBody = 64 * 1024;
    private const int MaxCandidates = 50;

    public Task<HandoffRecord> HandleAsync(Caller caller, ModelName model, IReadOnlyList<long> versions, string? note, CancellationToken cancellation)
    {
        if (versions.Count is 0 or > MaxCandidates || versions.Distinct().Count() != versions.Count)
            throw Refusal.Invalid($"A handoff names 1 to {MaxCandidates} different versions; {versions.Count} were given.");
        return writes.RunAsync(caller, async change =>
        {
            var contract = await store.FindInForceAsync(change.Sql, change.Project, model.Value) ?? throw HandoffErrors.NoContractInForce(model.Value);
            foreach (var number in versions)
            {
                var version = await registry.FindVersionAsync(change.Sql, change.Project, model.Value, number) ?? throw RegistryErrors.NoVersion(model.Value, number);
                if (version.ManifestDigest is null)
                    throw RegistryErrors.Unsealed(version);
                if (await store.FindClaimsAsync(change.Sql, change.Project, model.Value, number) is null)
                    throw HandoffErrors.NoClaims(model.Value, number);
            }

            var handoff = new HandoffRecord
            {
                Id = ids.Next(),
                Model = model.Value,
                ContractDigest = contract.Digest,
                Note = note,
                SubmittedBy = caller.Actor.Name,
                SubmittedAt = change.Now,
                Versions = [.. versions.Order()],
            };
            await store.InsertHandoffAsync(change, handoff);
            await change.RecordAsync(
                Submitted, model.Subject, new SubmittedData(handoff.Id, model.Value, handoff.Versions, contract.Digest), contract.Digest);
            return handoff;
        }, cancellation);
    }

    public Task<IReadOnlyList<HandoffRecord>> ListAsync(Caller caller, string? id, string? model, CancellationToken cancellation) =>
        database.ReadAsync(sql => store.ListHandoffsAsync(sql, caller.Project, id, model), cancellation);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapV1("POST", "handoffs", Permission.WriteHandoff, async (
            HttpRequest request, Caller caller, SubmitHandoff submit, CancellationToken cancellation) =>
        {
            var body = Documents.Read<Body>(await request.ReadTextAsync(MaxBody, cancellation));
            var handoff = await submit.HandleAsync(
                caller, ModelName.Parse(body.Model ?? ""), [.. (body.Versions ?? []).Select(ModelVersion.ParseNumber)], body.Note, cancellation);
            return Results.Json(View.Of(handoff), Documents.Compact);
        });
        routes.MapV1("GET", "handoffs/{id}", Permission.ReadHandoff, async (string id, Caller caller, SubmitHandoff submit, CancellationToken cancellation) =>
        {
            var found = await submit.ListAsync(caller, id, null, cancellation);
            return Results.Json(View.Of(found.Count > 0 ? found[0] : throw Refusal.NotFound($"There is no handoff {id}.")), Documents.Compact);
        });
        routes.MapV1("GET", "handoffs", Permission.ReadHandoff, async (string? model, Caller caller, SubmitHandoff submit, CancellationToken cancellation) =>
            Results.Json(new Listing([.. (await submit.ListAsync(caller, null, model, cancellation)).Select(View.Of)]), Documents.Compact));
    }

    internal sealed record SubmittedData(string Handoff, string Model, IReadOnlyList<long> Versions, string Contract);

    private sealed record Body(string? Model, IReadOnlyList<string>? Versions, string? Note);

    private sealed record Listing(IReadOnlyList<View> Handoffs);

    private sealed record View(string Id, string Model, string ContractDigest, IReadOnlyList<string> Versions, string? Note, string SubmittedBy, DateTimeOffset SubmittedAt)
    {
        public static View Of(HandoffRecord h) => new(
            h.Id,
            h.Model,
            h.ContractDigest,
            [.. h.Versions.Select(v => v.ToString(CultureInfo.InvariantCulture))],
            h.Note,
            h.SubmittedBy,
            Instants.FromMicros(h.SubmittedAt));
    }
}
