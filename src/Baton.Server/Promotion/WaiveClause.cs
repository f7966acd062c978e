using Baton.Contracts;
using Baton.Database;
using Baton.Server.Handoff;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ids;
using Baton.Server.Platform.Ledger;
using Baton.Server.Registry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Promotion;

/// <summary>
/// Waives a clause for a version, or for all of a model, until a time; revokes a waiver. Evidence and verdict stay as they are: the gate alone looks at it, each
/// time anew. Who submitted the claims does not waive, unless the project's policy is solo.
/// </summary>
internal sealed class WaiveClause(
    BatonDatabase database, Writes writes, PromotionStore store, HandoffStore handoffs, RegistryStore registry, Sides sides, IMeasuredClauses measured, IdSource ids, TimeProvider time)
{
    /// <summary>The longest that a waiver holds.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(180);

    private const int MaxBody = 16 * 1024;

    /// <summary>What a package is, is not for anybody to waive: the gate would open for files that were never sealed.</summary>
    private const string Files = "files";

    public Task<Waiver> HandleAsync(Caller caller, ModelName model, Request request, CancellationToken cancellation)
    {
        var clause = Prose.Required(request.Clause, "clause");
        var waiver = new Waiver
        {
            Id = ids.Next(),
            Model = model.Value,
            Clause = clause != Files ? clause : throw Refusal.Invalid("'files' cannot be waived: a package that is not the sealed one does not pass any gate."),
            Version = request.Version is { Length: > 0 } version ? ModelVersion.ParseNumber(version) : 0,
            Reason = Prose.Required(request.Reason, "reason"),
            Ticket = Prose.Optional(request.Ticket, "ticket", 250),
            WaivedBy = caller.Actor.Name,
            ExpiresAt = (request.Expires ?? throw Refusal.Invalid("'expires' is missing: a waiver holds until a time, at most 180 days from now.")).ToMicros(),
        };
        return writes.RunAsync(caller, async change =>
        {
            if (waiver.ExpiresAt <= change.Now)
                throw Refusal.Invalid($"'expires' is {Instants.FromMicros(waiver.ExpiresAt):O}, which is over: name a time to come.");
            if (waiver.ExpiresAt - change.Now > Longest.Ticks / TimeSpan.TicksPerMicrosecond)
                throw Refusal.Invalid($"'expires' is more than {Longest.Days} days from now: waive for a shorter time, and again if it must be.");
            if (!await registry.LockModelAsync(change, model.Value))
                throw RegistryErrors.NoModel(model.Value);
            if (waiver.Version > 0 && await registry.FindVersionAsync(change.Sql, change.Project, model.Value, waiver.Version) is null)
                throw RegistryErrors.NoVersion(model.Value, waiver.Version);
            await CheckClauseAsync(change.Sql, change.Project, model.Value, clause);
            var byAuthor = await handoffs.IsAuthorAsync(change.Sql, change.Project, model.Value, waiver.Version == 0 ? null : waiver.Version, caller.Actor.Name);
            if (byAuthor && !(await sides.PolicyAsync(change.Sql, change.Project)).Solo)
                throw new Refusal(ProblemCode.NotAllowed, $"{caller.Actor.Name} submitted the claims: an author does not waive what they are held to. Ask the other side.");
            await store.InsertWaiverAsync(change, waiver);
            await change.RecordAsync("clause.waived", SubjectOf(waiver), new
            {
                waiver = waiver.Id,
                clause,
                reason = waiver.Reason,
                ticket = waiver.Ticket,
                expires = Instants.FromMicros(waiver.ExpiresAt),
                by_author = byAuthor,
            });
            return waiver with { WaivedAt = change.Now };
        }, cancellation);
    }

    public Task<Waiver> RevokeAsync(Caller caller, ModelName model, string id, string? reason, CancellationToken cancellation)
    {
        var why = Prose.Optional(reason, "reason");
        return writes.RunAsync(caller, async change =>
        {
            await registry.LockModelAsync(change, model.Value);
            var waiver = await FindAsync(change.Sql, change.Project, model, id);
            if (waiver.RevokedAt is not null)
                return waiver;
            await store.RevokeWaiverAsync(change, id);
            await change.RecordAsync("waiver.revoked", SubjectOf(waiver), new { waiver = id, clause = waiver.Clause, reason = why });
            return await FindAsync(change.Sql, change.Project, model, id);
        }, cancellation);
    }

    /// <summary>Newest first; of one version those for every version too.</summary>
    public async Task<IReadOnlyList<Waiver>> ListAsync(Caller caller, ModelName model, long? version, CancellationToken cancellation) =>
    [
        .. (await database.ReadAsync(sql => store.ListWaiversAsync(sql, caller.Project, model.Value), cancellation))
            .Where(w => version is null || w.Version == 0 || w.Version == version),
    ];

    private async Task<Waiver> FindAsync(Session sql, string project, ModelName model, string id) =>
        (await store.ListWaiversAsync(sql, project, model.Value)).FirstOrDefault(w => w.Id == id) ?? throw Refusal.NotFound($"{model} has no waiver {id}.");

    /// <summary>A clause of the contract in force, or one of the checks that always stand, as the newest evidence has them.</summary>
    private async Task CheckClauseAsync(Session sql, string project, string model, string clause)
    {
        var contract = await handoffs.FindInForceAsync(sql, project, model) ?? throw HandoffErrors.NoContractInForce(model);
        var known = ContractParser.ParseOrThrow(contract.Document).ClauseNames.ToList();
        if (await measured.NewestAsync(sql, project, model, contract.Digest) is { } newest)
            known = [.. known.Union(newest.Clauses.Select(c => c.Name))];
        if (!known.Contains(clause))
            throw HandoffErrors.NoClause(model, clause, known);
    }

    private static string SubjectOf(Waiver waiver) => waiver.Version == 0 ? $"models/{waiver.Model}" : ModelVersion.SubjectOf(waiver.Model, waiver.Version);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapV1("POST", "models/{name}/waivers", Permission.Waive, async (
            string name, HttpRequest request, Caller caller, WaiveClause waive, CancellationToken cancellation) =>
        {
            var body = Documents.Read<Request>(await request.ReadTextAsync(MaxBody, cancellation));
            return waive.Answer(await waive.HandleAsync(caller, ModelName.Parse(name), body, cancellation));
        });
        routes.MapV1("POST", "models/{name}/waivers/{id}/revoke", Permission.Waive, async (
            string name, string id, HttpRequest request, Caller caller, WaiveClause waive, CancellationToken cancellation) =>
        {
            var text = await request.ReadTextAsync(MaxBody, cancellation);
            var reason = text.Length == 0 ? null : Documents.Read<Revocation>(text).Reason;
            return waive.Answer(await waive.RevokeAsync(caller, ModelName.Parse(name), id, reason, cancellation));
        });
        routes.MapV1("GET", "models/{name}/waivers", Permission.ReadPromotion, async (
            string name, string? version, Caller caller, WaiveClause waive, CancellationToken cancellation) =>
        {
            var found = await waive.ListAsync(caller, ModelName.Parse(name), version is null ? null : ModelVersion.ParseNumber(version), cancellation);
            return Results.Json(new Listing([.. found.Select(w => WaiverView.Of(w, waive.Now))]), Documents.Compact);
        });
    }

    private long Now => time.Micros();

    private IResult Answer(Waiver waiver) => Results.Json(WaiverView.Of(waiver, Now), Documents.Compact);

    /// <param name="Clause">Name of the clause as evidence has it.</param>
    /// <param name="Version">Number of the version; null for every version of the model.</param>
    /// <param name="Reason">Why.</param>
    /// <param name="Expires">Until when.</param>
    /// <param name="Ticket">Where it is followed up.</param>
    internal sealed record Request(string? Clause, string? Version, string? Reason, DateTimeOffset? Expires, string? Ticket = null);

    private sealed record Revocation(string? Reason);

    private sealed record Listing(IReadOnlyList<WaiverView> Waivers);
}
