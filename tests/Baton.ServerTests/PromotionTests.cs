using Baton.Client;
using Baton.Contracts;
using Baton.Database;
using Baton.Testing;
using Xunit;

namespace Baton.ServerTests;

public sealed class PromotionTests
{
    [Theory, EachDatabase]
    public async Task Of_two_promotions_at_once_one_wins_and_the_other_is_told_that_the_stage_moved(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var (first, second) = (await server.RegisterAsync("m"), await server.RegisterAsync("m"));
        for (var round = 0; round < 10; round++)
        {
            foreach (var version in new[] { first, second })
                await server.Http.PostAsync($"api/v1/models/m/versions/{version.Version}/promotions", new StringContent("""{"stage": "archived"}"""));
            var attempts = await Task.WhenAll(new[] { first, second }.Select(v => TryAsync(() => server.Client.PromoteAsync("m", v.Version, "production", expectedCurrent: ""))));
            Assert.Single(attempts, a => a.Promoted is not null);
            Assert.Equal("stage_moved", Assert.Single(attempts, a => a.Error is not null).Error!.Code);
            Assert.Single(await server.Client.GetStagesAsync("m"), s => s.Stage == "production");
        }
    }

    [Theory, EachDatabase]
    public async Task Evidence_that_compared_with_an_older_production_does_not_open_the_gate(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var contract = TestServer.ContractOf("m", compared: true);
        var (a, _) = await server.HandOverAsync("m", contract);
        await server.VerifyNextAsync(Verdict.Pass);
        var (b, _) = await server.HandOverAsync("m", contract);
        await server.VerifyNextAsync(Verdict.Pass);
        await server.Client.PromoteAsync("m", a.Version, "production");

        var refused = await Assert.ThrowsAsync<BatonApiException>(() => server.Client.PromoteAsync("m", b.Version, "production"));
        Assert.Contains("version 1 is now: verify it again", refused.Message, StringComparison.Ordinal);

        await server.Client.VerifyAsync("m", b.Version);
        Assert.Equal("1", (await server.VerifyNextAsync(Verdict.Pass)).ProductionVersion);
        Assert.Equal("1", (await server.Client.PromoteAsync("m", b.Version, "production")).Previous);
    }

    [Theory, EachDatabase]
    public async Task New_claims_or_a_new_contract_close_the_gate_until_the_next_verdict(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var (version, _) = await server.HandOverAsync("m", TestServer.ContractOf("m"));
        await server.VerifyNextAsync(Verdict.Pass);
        Assert.True((await server.Client.GetGateAsync("m", "1", "production")).Open);

        await server.PutInForceAsync("m", TestServer.ContractOf("m", latency: "5 ms"));
        Assert.Contains("earlier contract", Assert.Single((await server.Client.GetGateAsync("m", "1", "production")).Reasons), StringComparison.Ordinal);

        await server.PutInForceAsync("m", TestServer.ContractOf("m"));
        Assert.True((await server.Client.GetGateAsync("m", "1", "production")).Open);
        await server.Client.PutClaimsAsync("m", "1", (await server.ClaimsOfAsync(version)) with { Metrics = new Dictionary<string, double> { ["roc_auc"] = 0.9 } });
        Assert.Contains("claims changed", Assert.Single((await server.Client.GetGateAsync("m", "1", "production")).Reasons), StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task MLflows_transition_goes_through_the_same_gate(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.HandOverAsync("m", TestServer.ContractOf("m"));
        await server.VerifyNextAsync(Verdict.Fail);
        var (status, body) = await server.MlflowAsync(
            HttpMethod.Post, "model-versions/transition-stage", new { name = "m", version = "1", stage = "production", archive_existing_versions = "TRUE" });
        Assert.Equal((409, "INVALID_PARAMETER_VALUE"), (status, body["error_code"]!.GetValue<string>()));
        Assert.Contains("the verdict is fail", body["message"]!.GetValue<string>(), StringComparison.Ordinal);
        (status, body) = await server.MlflowAsync(HttpMethod.Post, "model-versions/transition-stage", new { name = "m", version = "1", stage = "Archived" });
        Assert.Equal((200, "Archived"), (status, body["model_version"]!["current_stage"]!.GetValue<string>()));
        (status, body) = await server.MlflowAsync(HttpMethod.Post, "model-versions/transition-stage", new { name = "m", version = "1", stage = "Bogus" });
        Assert.Equal("Invalid Model Version stage: Bogus. Value must be one of None, Staging, Production, Archived.", body["message"]!.GetValue<string>());
        Assert.Equal(400, status);
    }

    [Theory, EachDatabase]
    public async Task Production_is_not_emptied_by_moving_its_version_to_staging(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var (first, second) = (await server.RegisterAsync("m"), await server.RegisterAsync("m"));
        await server.Client.PromoteAsync("m", first.Version, "production");
        var refused = await Assert.ThrowsAsync<BatonApiException>(() => server.Client.PromoteAsync("m", first.Version, "staging"));
        Assert.Equal("not_ready", refused.Code);
        Assert.Equal("unchanged", (await server.Client.PromoteAsync("m", first.Version, "production")).Gate);

        await server.Client.PromoteAsync("m", second.Version, "production");
        var archived = (await server.Client.ReadLedgerAsync("models/m/versions/1")).Entries[^1];
        Assert.Equal(("promotion.archived", 2), (archived.Action, archived.Detail!.Value.GetProperty("replaced_by").GetInt32()));
    }

    private static async Task<(PromotionRecord? Promoted, BatonApiException? Error)> TryAsync(Func<Task<PromotionRecord>> promote)
    {
        try
        {
            return (await promote(), null);
        }
        catch (BatonApiException refused)
        {
            return (null, refused);
        }
    }
}
