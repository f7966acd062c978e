using Baton.Client;
using Baton.Contracts;
using Baton.Database;
using Baton.Server.Handoff;
using Baton.Server.Platform.Errors;
using Baton.Testing;
using Xunit;
using ModelName = Baton.Server.Registry.ModelName;

namespace Baton.ServerTests;

public sealed class CounterOfferTests
{
    private static readonly ModelName M = ModelName.Parse("m");

    [Theory, EachDatabase]
    public async Task An_offer_keeps_what_was_measured_and_what_it_would_say_and_accepted_it_is_a_proposal(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var (_, handoff) = await server.HandOverAsync("m", TestServer.ContractOf("m"));
        await server.VerifyNextAsync(Verdict.Inconclusive, clause => clause.Name == "metrics.roc_auc"
            ? clause with { Measured = 0.61, Interval = new Interval(0.59, 0.63, 0.95), Bound = new Bound(0.60) }
            : clause);

        var offer = await server.Client.OfferClauseAsync("m", "metrics.roc_auc", "{min: 0.58}", "the interval straddles 0.60");
        Assert.Equal(("open", handoff.ContractDigest), (offer.Status, offer.ContractDigest));
        var measured = Assert.Single(offer.TradeOff);
        Assert.Equal((1, 0.61, Verdict.Inconclusive, Verdict.Pass), (measured.Version, measured.Value!.Number, measured.Verdict, measured.WouldBe));
        Assert.Equal(new Interval(0.59, 0.63, 0.95), measured.Interval);
        // Another confidence asks for another interval: what was measured does not decide it.
        Assert.Null((await server.Client.OfferClauseAsync("m", "metrics.roc_auc", "{min: 0.58, confidence: 99 %}", "be surer")).TradeOff[0].WouldBe);
        Assert.Equal(Verdict.Fail, (await server.Client.OfferClauseAsync("m", "metrics.roc_auc", "{min: 0.7}", "dream")).TradeOff[0].WouldBe);

        var accepted = await server.Client.DecideOfferAsync("m", offer.Id, "accept");
        Assert.Equal("accepted", accepted.Status);
        var proposal = (await server.Client.FindContractAsync("m", accepted.ResultDigest))!;
        Assert.Equal((ContractStatus.Proposed, 0, "2.0.0"), (proposal.Status, proposal.Signatures.Count, proposal.Version));
        var merged = ContractParser.ParseOrThrow(proposal.Document);
        Assert.Equal((0.58, TimeSpan.FromMilliseconds(25)), (merged.Metrics[0].Min, merged.Latency!.Max));

        // Decided once and for all.
        foreach (var decision in (string[])["accept", "reject", "withdraw"])
            Assert.Equal("conflict", (await Assert.ThrowsAsync<BatonApiException>(() => server.Client.DecideOfferAsync("m", offer.Id, decision, "again"))).Code);
        Assert.Equal(
            ["counter_offer.made", "counter_offer.made", "counter_offer.made", "contract.proposed", "counter_offer.accepted"],
            (await server.Client.ReadLedgerAsync("models/m")).Entries.Select(e => e.Action).Where(a => a.StartsWith("counter", StringComparison.Ordinal) || a == "contract.proposed").Skip(1));
    }

    [Theory, EachDatabase]
    public async Task An_offer_is_answered_rejected_or_withdrawn_and_each_says_why(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.Client.EnsureRegisteredModelAsync("m");
        await server.Client.SetHandoffPolicyAsync(new Client.HandoffPolicy { Solo = false });
        await server.Client.ProposeContractAsync("m", TestServer.ContractOf("m"));
        var (offers, decide) = (server.Verb<OfferClause>(), server.Verb<DecideOffer>());
        var first = await offers.HandleAsync(TestServer.As("eve"), M, new("latency", "p95: {max: 10 ms}", "the page waits for it"), default);
        var answer = await offers.HandleAsync(TestServer.As("ada"), M, new(null, "p95: {max: 15 ms}", "the tree is deep", Answers: first.Id), default);
        Assert.Equal(("latency", first.Id, first.ContractDigest), (answer.Clause, answer.Answers, answer.ContractDigest));
        Assert.Equal("answered", (await server.Client.ListOffersAsync("m")).Single(o => o.Id == first.Id).Status);
        Assert.Equal(ProblemCode.Conflict, (await Assert.ThrowsAsync<Refusal>(() => offers.HandleAsync(TestServer.As("eve"), M, new(null, "p95: {max: 12 ms}", "no", Answers: first.Id), default))).Code);

        Assert.Equal(ProblemCode.NotAllowed, (await Assert.ThrowsAsync<Refusal>(() => decide.HandleAsync(TestServer.As("eve"), M, answer.Id, "withdraw", null, default))).Code);
        Assert.Equal(ProblemCode.NotAllowed, (await Assert.ThrowsAsync<Refusal>(() => decide.HandleAsync(TestServer.As("ada"), M, answer.Id, "accept", null, default))).Code);
        Assert.Equal(ProblemCode.InvalidRequest, (await Assert.ThrowsAsync<Refusal>(() => decide.HandleAsync(TestServer.As("eve"), M, answer.Id, "reject", null, default))).Code);
        var rejected = await decide.HandleAsync(TestServer.As("eve"), M, answer.Id, "reject", "15 ms is too slow", default);
        Assert.Equal(("rejected", "user:eve", "15 ms is too slow"), (rejected.Status, rejected.DecidedBy, rejected.Decision));

        var mine = await offers.HandleAsync(TestServer.As("ada"), M, new("latency", "p95: {max: 14 ms}", "at most"), default);
        Assert.Equal("withdrawn", (await decide.HandleAsync(TestServer.As("ada"), M, mine.Id, "withdraw", null, default)).Status);
    }

    [Theory, EachDatabase]
    public async Task An_offer_on_a_clause_that_is_not_there_or_is_gone_is_refused(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.Client.EnsureRegisteredModelAsync("m");
        await server.PutInForceAsync("m", TestServer.ContractOf("m"));
        var none = await Assert.ThrowsAsync<BatonApiException>(() => server.Client.OfferClauseAsync("m", "memory", "peak: {max: 1 GiB}", "we have it"));
        Assert.Equal("conflict", none.Code);
        Assert.Contains("reproduces, metrics.roc_auc, latency", none.Message, StringComparison.Ordinal);

        var offer = await server.Client.OfferClauseAsync("m", "latency", "p95: {max: 10 ms}", "the page waits for it");
        await server.PutInForceAsync("m", "model: m\nclauses:\n  metrics: {roc_auc: {min: 0.6}}\n");
        Assert.Equal("conflict", (await Assert.ThrowsAsync<BatonApiException>(() => server.Client.DecideOfferAsync("m", offer.Id, "accept"))).Code);
        // What could not be done left nothing behind.
        Assert.Equal("open", Assert.Single(await server.Client.ListOffersAsync("m")).Status);
        Assert.DoesNotContain(await server.Client.ListContractsAsync("m"), c => c.Status == ContractStatus.Proposed);
    }

    [Theory, EachDatabase]
    public async Task A_text_that_is_no_clause_or_says_the_same_or_is_too_long_is_refused(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.Client.EnsureRegisteredModelAsync("m");
        await server.Client.ProposeContractAsync("m", TestServer.ContractOf("m"));
        var typo = await Assert.ThrowsAsync<BatonApiException>(() => server.Client.OfferClauseAsync("m", "latency", "p95: {maks: 10 ms}", "why"));
        Assert.Equal(("invalid_contract", 1), (typo.Code, typo.Errors[0].Line));
        foreach (var (change, reason) in new[] { ("p95: {max: 25 ms}", "why"), ("", "why"), ("p95: {max: 9 ms}", ""), ("p95: {max: 9 ms}", new string('x', 1001)), ("p95: {max: 9 ms}", "a\u0000b") })
            Assert.Equal("invalid_request", (await Assert.ThrowsAsync<BatonApiException>(() => server.Client.OfferClauseAsync("m", "latency", change, reason))).Code);
        Assert.Empty(await server.Client.ListOffersAsync("m"));
        // A thousand characters fit, counted as people count them.
        var offer = await server.Client.OfferClauseAsync("m", "latency", "p95: {max: 9 ms}", string.Concat(Enumerable.Repeat("\U0001F680", 1000)));
        Assert.Equal(2000, offer.Reason.Length);
    }
}
