using Baton.Client;
using Baton.Contracts;
using Baton.Database;
using Baton.Server.Handoff;
using Baton.Server.Platform.Errors;
using Baton.Server.Promotion;
using Baton.Testing;
using Xunit;
using ModelName = Baton.Server.Registry.ModelName;

namespace Baton.ServerTests;

public sealed class WaiverTests
{
    private static readonly ModelName M = ModelName.Parse("m");

    [Theory, EachDatabase]
    public async Task A_waived_clause_opens_the_gate_until_its_waiver_expires_and_keeps_its_verdict(Engine engine)
    {
        var clock = new AheadClock();
        await using var server = await TestServer.StartAsync(engine, time: clock);
        var (version, _) = await server.HandOverAsync("m", TestServer.ContractOf("m"));
        await server.VerifyNextAsync(Verdict.Pass, clause => clause.Name == "latency" ? clause with { Verdict = Verdict.Fail } : clause);
        Assert.False((await server.Client.GetGateAsync("m", "1", "production")).Open);

        var waiver = await server.Client.WaiveAsync("m", "latency", "1", "the machine was busy", clock.GetUtcNow().AddDays(7), "OPS-12");
        Assert.Equal(("valid", "OPS-12"), (waiver.State, waiver.Ticket));
        var gate = await server.Client.GetGateAsync("m", "1", "production");
        Assert.Equal((true, "waived", Verdict.Fail), (gate.Open, gate.Gate, gate.Verdict));
        Assert.Equal(("latency", Verdict.Fail, waiver.Id), (gate.Waived![0].Clause, gate.Waived[0].Verdict, gate.Waived[0].Waiver));
        Assert.Equal("waived", (await server.Client.PromoteAsync("m", version.Version, "staging")).Gate);
        var entry = (await server.Client.ReadLedgerAsync("models/m/versions/1")).Entries[^1];
        Assert.Equal(("promotion.done", waiver.Id), (entry.Action, entry.Detail!.Value.GetProperty("waived")[0].GetProperty("waiver").GetString()));
        // The evidence says what it said.
        Assert.Equal(Verdict.Fail, (await server.Client.ListVerificationsAsync("m", "1"))[0].Verdict);

        clock.Ahead = TimeSpan.FromDays(7);
        gate = await server.Client.GetGateAsync("m", "1", "production");
        Assert.False(gate.Open);
        Assert.Contains("Its waiver expired on", Assert.Single(gate.Reasons), StringComparison.Ordinal);
        Assert.Equal("gate_refused", (await Assert.ThrowsAsync<BatonApiException>(() => server.Client.PromoteAsync("m", version.Version, "production"))).Code);
        Assert.Equal("expired", Assert.Single(await server.Client.ListWaiversAsync("m", "1")).State);
        // What is in a stage already stays there.
        Assert.Equal(("staging", "1"), ((await server.Client.GetStagesAsync("m"))[0].Stage, (await server.Client.GetStagesAsync("m"))[0].Version));
    }

    [Theory, EachDatabase]
    public async Task A_waiver_is_for_its_clause_and_version_alone_and_revoked_it_is_none(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.HandOverAsync("m", TestServer.ContractOf("m"));
        await server.VerifyNextAsync(Verdict.NotRun);
        await server.HandOverAsync("m", TestServer.ContractOf("m"));
        await server.VerifyNextAsync(Verdict.Inconclusive);
        var soon = DateTimeOffset.UtcNow.AddDays(1);
        await server.Client.WaiveAsync("m", "latency", null, "for all", soon);
        await server.Client.WaiveAsync("m", "reproduces", "2", "for one", soon);
        var last = await server.Client.WaiveAsync("m", "metrics.roc_auc", "2", "for one", soon);
        Assert.Equal(["reproduces", "metrics.roc_auc"], (await server.Client.GetGateAsync("m", "1", "production")).Reasons.Select(r => r.Split(':')[0]));
        Assert.True((await server.Client.GetGateAsync("m", "2", "production")).Open);

        Assert.Equal("revoked", (await server.Client.RevokeWaiverAsync("m", last.Id, "it matters after all")).State);
        Assert.Equal("metrics.roc_auc", Assert.Single((await server.Client.GetGateAsync("m", "2", "production")).Reasons).Split(':')[0]);
        Assert.Equal("waiver.revoked", (await server.Client.ReadLedgerAsync("models/m/versions/2")).Entries[^1].Action);
    }

    [Theory, EachDatabase]
    public async Task The_author_of_the_claims_does_not_waive_unless_the_project_is_solo(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var version = await server.RegisterAsync("m");
        await server.PutInForceAsync("m", TestServer.ContractOf("m"));
        await server.Verb<SubmitClaims>().HandleAsync(TestServer.As("ada"), M, 1, await server.ClaimsOfAsync(version), default);
        var waive = server.Verb<WaiveClause>();
        var request = new WaiveClause.Request("latency", "1", "trust me", DateTimeOffset.UtcNow.AddDays(1));
        await server.Client.SetHandoffPolicyAsync(new Client.HandoffPolicy { Solo = false });
        foreach (var which in (string?[])["1", null])
            Assert.Equal(ProblemCode.NotAllowed, (await Assert.ThrowsAsync<Refusal>(() => waive.HandleAsync(TestServer.As("ada"), M, request with { Version = which }, default))).Code);
        Assert.Empty(await server.Client.ListWaiversAsync("m"));
        await waive.HandleAsync(TestServer.As("eve"), M, request, default);
        await server.Client.SetHandoffPolicyAsync(new Client.HandoffPolicy { Solo = true });
        await waive.HandleAsync(TestServer.As("ada"), M, request, default);
        var said = (await server.Client.ReadLedgerAsync("models/m/versions/1")).Entries.Where(e => e.Action == "clause.waived").Select(e => e.Detail!.Value.GetProperty("by_author").GetBoolean());
        Assert.Equal([false, true], said);
    }

    [Theory, EachDatabase]
    public async Task A_waiver_without_end_reason_or_clause_or_of_the_package_itself_is_refused(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.HandOverAsync("m", TestServer.ContractOf("m"));
        var now = DateTimeOffset.UtcNow;
        foreach (var (clause, version, reason, expires, code) in new (string, string?, string, DateTimeOffset, string)[]
        {
            ("latency", "1", "why", now.AddDays(181), "invalid_request"), ("latency", "1", "why", now.AddMinutes(-1), "invalid_request"), ("latency", "1", " ", now.AddDays(1), "invalid_request"),
            ("latency", "1", new string('x', 1001), now.AddDays(1), "invalid_request"), ("files", "1", "why", now.AddDays(1), "invalid_request"), ("memory", "1", "why", now.AddDays(1), "conflict"),
            ("latency", "7", "why", now.AddDays(1), "not_found"),
        })
            Assert.Equal(code, (await Assert.ThrowsAsync<BatonApiException>(() => server.Client.WaiveAsync("m", clause, version, reason, expires))).Code);
        using var endless = await server.Http.PostAsync("api/v1/models/m/waivers", new StringContent("""{"clause": "latency", "reason": "for ever"}"""));
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, endless.StatusCode);
        Assert.Empty(await server.Client.ListWaiversAsync("m"));
    }
}
