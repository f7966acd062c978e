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

/// <summary>
/// Offers another text of one clause, of its own or in answer to an offer. What was measured of the clause is kept with it, as it stood when the offer was made.
/// </summary>
internal sealed class OfferClause(Writes writes, HandoffStore store, RegistryStore registry, IMeasuredClauses measured, IdSource ids)
{
    private const int MaxBody = 64 * 1024;
    private const int LongestChange = 8000;

    public Task<CounterOffer> HandleAsync(Caller caller, ModelName model, Request request, CancellationToken cancellation)
    {
        var change = Prose.Required(request.Change, "change", LongestChange);
        var reason = Prose.Required(request.Reason, "reason");
        return writes.RunAsync(caller, async write =>
        {
            await registry.LockModelAsync(write, model.Value);
            var answered = request.Answers is { } id ? await FindOpenAsync(write, model, id) : null;
            var contract = await ContractAsync(write.Sql, write.Project, model, answered?.ContractDigest ?? request.Contract);
            var before = ContractParser.ParseOrThrow(contract.Document);
            var clause = ClauseText.Find(before, answered?.Clause ?? request.Clause ?? "")
                ?? throw HandoffErrors.NoClause(model.Value, request.Clause ?? "", Demands.Of(before).Select(d => d.Clause));
            var parsed = ClauseText.Replace(contract.Document, clause, change);
            if (parsed.Contract is not { } after)
                throw HandoffErrors.Unparsable(parsed);
            if (ContractCanon.Digest(after) == contract.Digest)
                throw Refusal.Invalid($"The offer says what '{clause}' says already: {Demands.Of(before).First(d => d.Clause == clause).Demand}.");
            var offer = new CounterOffer
            {
                Id = ids.Next(),
                Model = model.Value,
                ContractDigest = contract.Digest,
                Clause = clause,
                Change = change,
                Reason = reason,
                Answers = answered?.Id,
                TradeOff = Documents.Write(await TradeOffAsync(write, model, contract, before, after, clause)),
            };
            if (answered is not null)
                await store.DecideOfferAsync(write, answered.Id, CounterOffer.Answered, reason, null);
            await store.InsertOfferAsync(write, offer);
            await write.RecordAsync("counter_offer.made", model.Subject, new
            {
                offer = offer.Id,
                contract = contract.Digest,
                version = contract.Version,
                clause,
                demand = Demands.Of(after).First(d => d.Clause == clause).Demand,
                answers = offer.Answers,
                reason,
            }, contract.Digest);
            return (await store.FindOfferAsync(write.Sql, write.Project, offer.Id))!;
        }, cancellation);
    }

    private async Task<CounterOffer> FindOpenAsync(Change write, ModelName model, string id)
    {
        var offer = await store.FindOfferAsync(write.Sql, write.Project, id) is { } found && found.Model == model.Value ? found : throw HandoffErrors.NoOffer(id);
        return offer.Status == CounterOffer.Open ? offer : throw HandoffErrors.Decided(offer);
    }

    /// <summary>The contract that is talked about: the one named, else the newest proposal, else the one in force.</summary>
    private async Task<ContractRecord> ContractAsync(Session sql, string project, ModelName model, string? digest)
    {
        var contracts = await store.ListContractsAsync(sql, project, model.Value);
        var contract = digest is not null
            ? contracts.FirstOrDefault(c => c.Digest == digest) ?? throw HandoffErrors.NoSuchContract(model.Value, digest)
            : contracts.FirstOrDefault(c => c.Status == ContractRecord.Proposed) ?? contracts.FirstOrDefault(c => c.Status == ContractRecord.InForce)
                ?? throw HandoffErrors.NoContract(model.Value);
        return contract.Status is ContractRecord.Proposed or ContractRecord.InForce
            ? contract
            : throw Refusal.NotReady($"The contract {Digests.Short(contract.Digest)} is {contract.Status}: offers are made on a proposal or on the contract in force.");
    }

    private async Task<IReadOnlyList<Measured>> TradeOffAsync(Change write, ModelName model, ContractRecord contract, Contract before, Contract after, string clause)
    {
        if (await measured.NewestAsync(write.Sql, write.Project, model.Value, contract.Digest) is not { } newest)
            return [];
        return
        [
            .. newest.Clauses.Where(c => ClauseText.Find(before, c.Name) == clause).Select(c => new Measured(
                c.Name, newest.Version, newest.EvidenceDigest, c.Measured, c.Unit, c.Interval, c.Verdict, Foresight.Of(before, after, c))),
        ];
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("POST", "models/{name}/contract/counter-offers", Permission.WriteHandoff, async (
        string name, HttpRequest request, Caller caller, OfferClause offer, CancellationToken cancellation) =>
    {
        var body = Documents.Read<Request>(await request.ReadTextAsync(MaxBody, cancellation));
        return Results.Json(OfferView.Of(await offer.HandleAsync(caller, ModelName.Parse(name), body, cancellation)), Documents.Compact);
    });

    /// <param name="Clause">The clause; may be left out in an answer.</param>
    /// <param name="Change">Its fields, YAML.</param>
    /// <param name="Reason">Why.</param>
    /// <param name="Contract">Digest of the contract; null for the newest proposal, else the one in force.</param>
    /// <param name="Answers">The offer that this one answers; null for none.</param>
    internal sealed record Request(string? Clause, string? Change, string? Reason, string? Contract = null, string? Answers = null);
}
