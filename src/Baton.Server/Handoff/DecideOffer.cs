using Baton.Contracts;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Baton.Server.Registry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Handoff;

/// <summary>
/// Accepts a counter-offer, which makes a new proposal with the clause as offered, signed by nobody; rejects it with a reason; or withdraws one's own.
/// </summary>
internal sealed class DecideOffer(Writes writes, HandoffStore store, RegistryStore registry, ProposeContract propose, Sides sides)
{
    private const int MaxBody = 16 * 1024;

    /// <summary>The words of a decision in the route, with the status each leads to.</summary>
    private static readonly IReadOnlyDictionary<string, string> Decisions = new Dictionary<string, string>
    {
        ["accept"] = CounterOffer.Accepted,
        ["reject"] = CounterOffer.Rejected,
        ["withdraw"] = CounterOffer.Withdrawn,
    };

    /// <param name="caller">Who decides.</param>
    /// <param name="model">The model.</param>
    /// <param name="id">The offer.</param>
    /// <param name="decision"><c>accept</c>, <c>reject</c> or <c>withdraw</c>.</param>
    /// <param name="reason">Why; a rejection needs one.</param>
    /// <param name="cancellation">Stops it.</param>
    public Task<CounterOffer> HandleAsync(Caller caller, ModelName model, string id, string decision, string? reason, CancellationToken cancellation)
    {
        if (!Decisions.TryGetValue(decision, out var status))
            throw Refusal.Invalid($"'{decision}' is no decision on a counter-offer: expected {string.Join(", ", Decisions.Keys)}.");
        var why = status == CounterOffer.Rejected ? Prose.Required(reason, "reason") : Prose.Optional(reason, "reason");
        return writes.RunAsync(caller, async change =>
        {
            await registry.LockModelAsync(change, model.Value);
            var offer = await store.FindOfferAsync(change.Sql, change.Project, id) is { } found && found.Model == model.Value ? found : throw HandoffErrors.NoOffer(id);
            if (offer.Status != CounterOffer.Open)
                throw HandoffErrors.Decided(offer);
            if (status == CounterOffer.Withdrawn && offer.OfferedBy != caller.Actor.Name)
                throw new Refusal(ProblemCode.NotAllowed, $"The offer is {offer.OfferedBy}'s: reject it, or answer it with another.");
            var alone = offer.OfferedBy == caller.Actor.Name;
            if (status == CounterOffer.Accepted && alone && !(await sides.PolicyAsync(change.Sql, change.Project)).Solo)
                throw new Refusal(ProblemCode.NotAllowed, $"{caller.Actor.Name} made the offer: somebody else accepts it.");
            var result = status == CounterOffer.Accepted ? await MergeAsync(change, model, offer) : null;
            await store.DecideOfferAsync(change, id, status, why, result?.Digest);
            await change.RecordAsync($"counter_offer.{status}", model.Subject, new
            {
                offer = id,
                clause = offer.Clause,
                reason = why,
                contract = offer.ContractDigest,
                result = result?.Digest,
                version = result?.Version,
                by_its_author = status == CounterOffer.Accepted ? alone : (bool?)null,
            }, result?.Digest ?? offer.ContractDigest);
            return (await store.FindOfferAsync(change.Sql, change.Project, id))!;
        }, cancellation);
    }

    /// <summary>
    /// The newest proposal with the clause as offered; where there is none, the contract in force. The contract the offer was made on may have moved on
    /// meanwhile: its clause must still stand there.
    /// </summary>
    private async Task<ContractRecord> MergeAsync(Change change, ModelName model, CounterOffer offer)
    {
        var contracts = await store.ListContractsAsync(change.Sql, change.Project, model.Value);
        var onto = contracts.FirstOrDefault(c => c.Digest == offer.ContractDigest && c.Status is ContractRecord.Proposed or ContractRecord.InForce)
            ?? contracts.FirstOrDefault(c => c.Status == ContractRecord.Proposed)
            ?? contracts.FirstOrDefault(c => c.Status == ContractRecord.InForce)
            ?? throw HandoffErrors.NoContract(model.Value);
        var before = ContractParser.ParseOrThrow(onto.Document);
        if (ClauseText.Find(before, offer.Clause) != offer.Clause)
            throw HandoffErrors.NoClause(model.Value, offer.Clause, Demands.Of(before).Select(d => d.Clause));
        var parsed = ClauseText.Replace(onto.Document, offer.Clause, offer.Change);
        if (parsed.Contract is not { } merged)
            throw HandoffErrors.Unparsable(parsed);
        return await propose.ProposeAsync(change, model, merged, ContractWriter.Write(merged), draft: false);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("POST", "models/{name}/contract/counter-offers/{id}/{decision}", Permission.WriteHandoff, async (
        string name, string id, string decision, HttpRequest request, Caller caller, DecideOffer decide, CancellationToken cancellation) =>
    {
        var text = await request.ReadTextAsync(MaxBody, cancellation);
        var reason = text.Length == 0 ? null : Documents.Read<Body>(text).Reason;
        return Results.Json(OfferView.Of(await decide.HandleAsync(caller, ModelName.Parse(name), id, decision, reason, cancellation)), Documents.Compact);
    });

    private sealed record Body(string? Reason);
}
