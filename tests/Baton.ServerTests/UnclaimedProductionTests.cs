using Baton.Client;
using Baton.Contracts;
using Baton.Database;
using Baton.Testing;
using Xunit;

namespace Baton.ServerTests;

/// <summary>A version reached production before the model had a contract: nothing can be compared with it until it is handed over.</summary>
public sealed class UnclaimedProductionTests
{
    [Theory, EachDatabase]
    public async Task The_request_names_it_and_the_gate_tells_what_the_evidence_says(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var first = await server.RegisterAsync("m");
        await server.Client.PromoteAsync("m", first.Version, "production");
        var (second, _) = await server.HandOverAsync("m", TestServer.ContractOf("m", compared: true));

        var verified = await server.VerifyNextAsync(Verdict.NotRun);
        Assert.Equal("1", verified.ProductionVersion);
        var gate = await server.Client.GetGateAsync("m", second.Version, "production");
        Assert.Equal((false, Verdict.NotRun), (gate.Open, gate.Verdict));
        Assert.Contains(gate.Reasons, r => r.StartsWith("metrics.roc_auc: ", StringComparison.Ordinal));
    }

    [Theory, EachDatabase]
    public async Task Handing_it_over_makes_it_comparable(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var first = await server.RegisterAsync("m");
        await server.Client.PromoteAsync("m", first.Version, "production");
        var (second, _) = await server.HandOverAsync("m", TestServer.ContractOf("m", compared: true));
        await server.VerifyNextAsync(Verdict.NotRun);

        await server.Client.PutClaimsAsync("m", first.Version, await server.ClaimsOfAsync(first));
        await server.Client.VerifyAsync("m", second.Version);
        var job = (await server.Agent.ClaimJobAsync("test", ["verification"], TimeSpan.FromSeconds(10)))!;
        var request = Documents.Read<VerificationRequest>(job.Payload.GetRawText());
        Assert.Equal(("1", null), (request.Production?.Version, request.UncomparableProduction));
        await server.Agent.CompleteJobAsync(job.Id, job.Attempt, TestServer.EvidenceFor(request, Verdict.Pass));
        Assert.Equal("1", (await server.Client.PromoteAsync("m", second.Version, "production")).Previous);
    }
}
