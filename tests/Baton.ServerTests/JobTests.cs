using System.Text.Json;
using Baton.Client;
using Baton.Contracts;
using Baton.Database;
using Baton.Server.Platform.Events;
using Baton.Server.Verification;
using Baton.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Baton.ServerTests;

public sealed class JobTests
{
    [Theory, EachDatabase]
    public async Task An_agent_that_falls_silent_loses_its_job_and_its_late_result_is_refused(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine, lease: TimeSpan.FromSeconds(1));
        await server.HandOverAsync("m", TestServer.ContractOf("m"));
        var silent = (await ClaimAsync(server))!;
        var second = (await ClaimAsync(server))!;
        Assert.Equal((silent.Id, 1, 2), (second.Id, silent.Attempt, second.Attempt));
        var request = second.Payload.Deserialize<VerificationRequest>(Documents.Compact)!;
        var late = await Assert.ThrowsAsync<BatonApiException>(
            () => server.Agent.CompleteJobAsync(silent.Id, silent.Attempt, TestServer.EvidenceFor(request, Verdict.Pass)));
        Assert.Equal("stale_attempt", late.Code);
        await server.Agent.CompleteJobAsync(second.Id, second.Attempt, TestServer.EvidenceFor(request, Verdict.Fail));
        Assert.Equal(Verdict.Fail, (await server.Client.ListVerificationsAsync("m"))[0].Verdict);
    }

    [Theory, EachDatabase]
    public async Task A_job_is_given_up_after_three_attempts_and_says_why(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.HandOverAsync("m", TestServer.ContractOf("m"));
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var job = (await ClaimAsync(server))!;
            Assert.Equal(attempt, job.Attempt);
            await server.Agent.FailJobAsync(job.Id, job.Attempt, "the disk is full");
        }

        var given = (await server.Client.ListVerificationsAsync("m"))[0];
        Assert.Equal("failed", given.State.ToString().ToLowerInvariant());
        Assert.Contains("the disk is full", given.Reason, StringComparison.Ordinal);
        Assert.Contains("the disk is full", Assert.Single((await server.Client.GetGateAsync("m", "1", "production")).Reasons), StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task A_running_verification_is_cancelled_through_the_agents_heartbeat(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.HandOverAsync("m", TestServer.ContractOf("m"));
        var job = (await ClaimAsync(server))!;
        Assert.False((await server.Agent.HeartbeatAsync(job.Id, job.Attempt, "at the first clause")).Cancel);
        var running = (await server.Client.ListVerificationsAsync("m"))[0];
        Assert.Equal(("running", "at the first clause"), (running.State.ToString().ToLowerInvariant(), running.Progress));
        await server.Client.CancelVerificationAsync(running.Id);
        Assert.True((await server.Agent.HeartbeatAsync(job.Id, job.Attempt)).Cancel);
        await server.Agent.FailJobAsync(job.Id, job.Attempt, "cancelled");
        Assert.Equal("cancelled", (await server.Client.GetVerificationAsync(running.Id)).State.ToString().ToLowerInvariant());
    }

    [Theory, EachDatabase]
    public async Task Each_job_goes_to_one_of_many_agents(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var version = await server.RegisterAsync("m");
        await server.PutInForceAsync("m", TestServer.ContractOf("m"));
        await server.Client.PutClaimsAsync("m", version.Version, await server.ClaimsOfAsync(version));
        for (var i = 0; i < 6; i++)
            await server.Client.VerifyAsync("m", version.Version);
        var claimed = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => server.Agent.ClaimJobAsync($"agent-{i}", ["verification"], TimeSpan.Zero)));
        var ids = claimed.OfType<ClaimedJob>().Select(j => j.Id).ToList();
        Assert.Equal(ids.Distinct().Count(), ids.Count);
        while (await server.Agent.ClaimJobAsync("last", ["verification"], TimeSpan.Zero) is { } job)
            ids.Add(job.Id);
        Assert.Equal(6, ids.Distinct().Count());
        Assert.Equal(6, ids.Count);
    }

    [Theory, EachDatabase]
    public async Task A_handoff_heard_of_many_times_at_once_begins_one_verification_for_each_candidate(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.HandOverAsync("m", TestServer.ContractOf("m"));
        var database = server.Running.Services.GetRequiredService<BatonDatabase>();
        var happened = (await database.ReadAsync(sql => sql.FirstOrDefaultAsync<Event>("SELECT * FROM outbox WHERE type = 'handoff.submitted'")))!;
        var start = server.Running.Services.GetRequiredService<StartVerification>();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => start.HandleAsync(happened, CancellationToken.None)));
        Assert.Single(await server.Client.ListVerificationsAsync("m"));
    }

    [Theory, EachDatabase]
    public async Task Evidence_for_other_digests_or_without_a_clause_is_refused(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.HandOverAsync("m", TestServer.ContractOf("m"));
        var job = (await ClaimAsync(server))!;
        var evidence = TestServer.EvidenceFor(job.Payload.Deserialize<VerificationRequest>(Documents.Compact)!, Verdict.Pass);
        foreach (var lie in new[]
        {
            evidence with { ContractDigest = Digests.Sha256("other") },
            evidence with { ClaimsDigest = Digests.Sha256("other") },
            evidence with { PackageDigest = Digests.Sha256("other") },
            evidence with { Clauses = [.. evidence.Clauses.Skip(1)] },
        })
        {
            var refused = await Assert.ThrowsAsync<BatonApiException>(() => server.Agent.CompleteJobAsync(job.Id, job.Attempt, lie));
            Assert.Equal("invalid_request", refused.Code);
        }

        await server.Agent.CompleteJobAsync(job.Id, job.Attempt, evidence);
    }

    private static Task<ClaimedJob?> ClaimAsync(TestServer server) => server.Agent.ClaimJobAsync("test", ["verification"], TimeSpan.FromSeconds(10));
}
