using Baton.Client;
using Baton.Contracts;
using Baton.Database;
using Baton.Server.Handoff;
using Baton.Server.Platform.Errors;
using Baton.Testing;
using Xunit;
using ModelName = Baton.Server.Registry.ModelName;

namespace Baton.ServerTests;

/// <summary>Draft, proposed, in force, superseded; numbers; and who must sign.</summary>
public sealed class ContractLifeTests
{
    private static readonly ModelName M = ModelName.Parse("m");

    [Theory, EachDatabase]
    public async Task Proposals_are_numbered_by_what_they_change_against_the_contract_in_force(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.Client.EnsureRegisteredModelAsync("m");
        var first = await server.Client.ProposeContractAsync("m", TestServer.ContractOf("m"));
        Assert.Equal(("1.0.0", (ChangeKind?)null), (first.Version, first.Change));
        await server.PutInForceAsync("m", TestServer.ContractOf("m"));

        var tighter = await server.Client.ProposeContractAsync("m", TestServer.ContractOf("m", latency: "20 ms"));
        Assert.Equal(("1.1.0", ChangeKind.Compatible, first.Digest), (tighter.Version, tighter.Change, tighter.ComparedWith));
        var looser = await server.Client.ProposeContractAsync("m", TestServer.ContractOf("m", latency: "30 ms"));
        Assert.Equal(("2.0.0", ChangeKind.Breaking), (looser.Version, looser.Change));
        var words = await server.Client.ProposeContractAsync("m", TestServer.ContractOf("m").Replace("model: m", "model: m\npurpose: to test", StringComparison.Ordinal));
        Assert.Equal(("1.0.1", ChangeKind.Editorial), (words.Version, words.Change));
        // Another tightening beside the one that has 1.1.0: each number is one contract's.
        Assert.Equal("1.2.0", (await server.Client.ProposeContractAsync("m", TestServer.ContractOf("m", latency: "10 ms"))).Version);

        // Of several proposals one comes into force; the others stay proposals, the old one is superseded.
        await server.Client.SignContractAsync("m", looser.Digest, ContractSide.Model);
        Assert.Equal(ContractStatus.InForce, (await server.Client.SignContractAsync("m", looser.Digest, ContractSide.Service)).Status);
        var all = (await server.Client.ListContractsAsync("m")).ToDictionary(c => c.Version!, c => c.Status);
        Assert.Equal(
            [("1.0.0", ContractStatus.Superseded), ("1.0.1", ContractStatus.Proposed), ("1.1.0", ContractStatus.Proposed), ("1.2.0", ContractStatus.Proposed), ("2.0.0", ContractStatus.InForce)],
            all.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => (c.Key, c.Value)));

        // The old one again is a new proposal, unsigned, counted from what is in force now.
        var again = await server.Client.ProposeContractAsync("m", TestServer.ContractOf("m"));
        Assert.Equal((ContractStatus.Proposed, "2.1.0", 0), (again.Status, again.Version, again.Signatures.Count));
    }

    [Theory, EachDatabase]
    public async Task A_draft_is_signed_by_nobody_until_it_is_proposed_and_a_rejected_proposal_is_a_draft_again(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.Client.EnsureRegisteredModelAsync("m");
        var draft = await server.Client.DraftContractAsync("m", TestServer.ContractOf("m"));
        Assert.Equal((ContractStatus.Draft, (string?)null), (draft.Status, draft.Version));
        Assert.Null(await server.Client.FindContractAsync("m"));
        var refused = await Assert.ThrowsAsync<BatonApiException>(() => server.Client.SignContractAsync("m", draft.Digest, ContractSide.Model));
        Assert.Contains("is a draft", refused.Message, StringComparison.Ordinal);

        var proposed = await server.Client.ProposeContractAsync("m", TestServer.ContractOf("m"));
        Assert.Equal((draft.Digest, ContractStatus.Proposed, "1.0.0"), (proposed.Digest, proposed.Status, proposed.Version));
        await server.Client.SignContractAsync("m", proposed.Digest, ContractSide.Model);
        Assert.Equal("invalid_request", (await Assert.ThrowsAsync<BatonApiException>(() => server.Client.RejectContractAsync("m", proposed.Digest, " "))).Code);
        var rejected = await server.Client.RejectContractAsync("m", proposed.Digest, "the latency was never measured");
        Assert.Equal((ContractStatus.Draft, 0), (rejected.Status, rejected.Signatures.Count));
        var entry = (await server.Client.ReadLedgerAsync("models/m")).Entries[^1];
        Assert.Equal(("contract.rejected", "the latency was never measured"), (entry.Action, entry.Detail!.Value.GetProperty("reason").GetString()));

        await server.PutInForceAsync("m", TestServer.ContractOf("m"));
        Assert.Equal("not_ready", (await Assert.ThrowsAsync<BatonApiException>(() => server.Client.RejectContractAsync("m", proposed.Digest, "too late"))).Code);
    }

    [Theory, EachDatabase]
    public async Task Unless_solo_nobody_signs_both_sides_and_an_author_does_not_sign_for_the_service(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var version = await server.RegisterAsync("m");
        await server.Client.SetHandoffPolicyAsync(new Client.HandoffPolicy { Solo = false });
        await server.Verb<SubmitClaims>().HandleAsync(TestServer.As("ada"), M, 1, await server.ClaimsOfAsync(version), default);
        var contract = await server.Client.ProposeContractAsync("m", TestServer.ContractOf("m"));
        var sign = server.Verb<SignContract>();

        var author = await Assert.ThrowsAsync<Refusal>(() => sign.HandleAsync(TestServer.As("ada"), M, contract.Digest, "service", default));
        Assert.Equal(ProblemCode.NotAllowed, author.Code);
        Assert.Contains("submitted claims", author.Message, StringComparison.Ordinal);
        await sign.HandleAsync(TestServer.As("bob"), M, contract.Digest, "model", default);
        Assert.Contains("signed for the model side", (await Assert.ThrowsAsync<Refusal>(() => sign.HandleAsync(TestServer.As("bob"), M, contract.Digest, "service", default))).Message, StringComparison.Ordinal);
        Assert.Equal(ContractStatus.Proposed, (await server.Client.ListContractsAsync("m"))[0].Status);

        Assert.Equal("in_force", (await sign.HandleAsync(TestServer.As("eve"), M, contract.Digest, "service", default)).Status);
        var entry = (await server.Client.ReadLedgerAsync("models/m")).Entries.Single(e => e.Action == "contract.in_force");
        Assert.False(entry.Detail!.Value.GetProperty("signed_by_one_person").GetBoolean());
        Assert.False(entry.Detail!.Value.GetProperty("solo").GetBoolean());
    }

    [Theory, EachDatabase]
    public async Task A_side_may_need_several_signatures_of_people_that_the_policy_names(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.Client.EnsureRegisteredModelAsync("m");
        await server.Client.SetHandoffPolicyAsync(new Client.HandoffPolicy { Solo = false, ServiceSignatures = 2, ServiceSigners = ["user:eve", "user:sam", "user:kim"] });
        Assert.Equal("handoff_policy.set", (await server.Client.ReadLedgerAsync("handoff-policy")).Entries[^1].Action);
        var contract = await server.Client.ProposeContractAsync("m", TestServer.ContractOf("m"));
        var sign = server.Verb<SignContract>();
        await sign.HandleAsync(TestServer.As("bob"), M, contract.Digest, "model", default);
        Assert.Contains("names user:eve", (await Assert.ThrowsAsync<Refusal>(() => sign.HandleAsync(TestServer.As("joe"), M, contract.Digest, "service", default))).Message, StringComparison.Ordinal);
        Assert.Equal("proposed", (await sign.HandleAsync(TestServer.As("eve"), M, contract.Digest, "service", default)).Status);
        // The same hand twice is one signature.
        Assert.Equal("proposed", (await sign.HandleAsync(TestServer.As("eve"), M, contract.Digest, "service", default)).Status);
        Assert.Equal("in_force", (await sign.HandleAsync(TestServer.As("sam"), M, contract.Digest, "service", default)).Status);
    }

    [Theory, EachDatabase]
    public async Task Two_people_who_countersign_at_once_put_it_in_force_once(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.Client.EnsureRegisteredModelAsync("m");
        await server.Client.SetHandoffPolicyAsync(new Client.HandoffPolicy { Solo = false });
        var sign = server.Verb<SignContract>();
        for (var round = 1; round <= 8; round++)
        {
            var contract = await server.Client.ProposeContractAsync("m", TestServer.ContractOf("m", latency: $"{round} ms"));
            var signed = await Task.WhenAll(
                Task.Run(() => sign.HandleAsync(TestServer.As("bob"), M, contract.Digest, "model", default)),
                Task.Run(() => sign.HandleAsync(TestServer.As("eve"), M, contract.Digest, "service", default)));
            Assert.Contains(signed, s => s.Status == "in_force");
            Assert.Single(await server.Client.ListContractsAsync("m"), c => c.Status == ContractStatus.InForce && c.Digest == contract.Digest);
            Assert.Single((await server.Client.ReadLedgerAsync("models/m")).Entries, e => e.Action == "contract.in_force" && e.Evidence == contract.Digest);
        }
    }

    [Theory, EachDatabase]
    public async Task A_policy_that_nothing_could_meet_is_refused(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        Assert.True((await server.Client.GetHandoffPolicyAsync()).Solo);
        foreach (var bad in new Client.HandoffPolicy[]
        {
            new() { Solo = false, ModelSignatures = 0 }, new() { Solo = false, ModelSignatures = 21 }, new() { Solo = true, ModelSignatures = 2, ModelSigners = ["user:a"] },
            new() { Solo = true, ModelSigners = ["user:a", "user:a"] }, new() { Solo = true, ServiceSigners = [" "] },
        })
            Assert.Equal("invalid_request", (await Assert.ThrowsAsync<BatonApiException>(() => server.Client.SetHandoffPolicyAsync(bad))).Code);
        Assert.True((await server.Client.GetHandoffPolicyAsync()).Solo);
    }
}
