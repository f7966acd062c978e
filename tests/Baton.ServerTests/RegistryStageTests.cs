using Baton.Client;
using Baton.Database;
using Baton.Testing;
using Xunit;
using static Baton.ServerTests.RegistryTests;

namespace Baton.ServerTests;

/// <summary>MLflow's stages: several versions may share one, and Baton's gate holds all the same.</summary>
public sealed class RegistryStageTests
{
    private const string Route = "model-versions/transition-stage";

    [Theory, EachDatabase]
    public async Task Versions_share_a_stage_until_somebody_asks_to_archive_the_others(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        for (var i = 0; i < 3; i++)
            await server.RegisterAsync("m");
        await MoveAsync(server, "1", "PRODUCTION", false);
        await MoveAsync(server, "2", "production", false);
        Assert.Equal(["Production", "Production", "None"], await StagesAsync(server));
        Assert.Equal("2", Assert.Single(await server.Client.GetStagesAsync("m")).Version);

        await MoveAsync(server, "3", "Production", true);
        Assert.Equal(["Archived", "Archived", "Production"], await StagesAsync(server));
        var latest = (await DoneAsync(server, HttpMethod.Get, "registered-models/get-latest-versions?name=m"))["model_versions"]!.AsArray();
        Assert.Equal([("2", "Archived"), ("3", "Production")], latest.Select(v => (v!["version"]!.GetValue<string>(), v["current_stage"]!.GetValue<string>())));
    }

    [Theory, EachDatabase]
    public async Task One_that_is_there_already_can_still_archive_the_others(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        for (var i = 0; i < 2; i++)
            await server.RegisterAsync("m");
        await MoveAsync(server, "1", "Staging", false);
        await MoveAsync(server, "2", "Staging", false);
        await MoveAsync(server, "2", "Staging", true);
        Assert.Equal(["Archived", "Staging"], await StagesAsync(server));
        Assert.Equal("promotion.archived", (await server.Client.ReadLedgerAsync("models/m/versions/1")).Entries[^1].Action);
    }

    [Theory, EachDatabase]
    public async Task The_older_of_two_in_production_takes_the_others_place_only_past_the_gate(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.RegisterAsync("m");
        await server.RegisterAsync("m");
        await MoveAsync(server, "1", "Production", false);
        await MoveAsync(server, "2", "Production", false);
        await server.PutInForceAsync("m", TestServer.ContractOf("m"));
        await RefusedAsync(server, 409, "m/1 may not go to production: ", HttpMethod.Post, Route, new { name = "m", version = "1", stage = "Production", archive_existing_versions = true });
        Assert.Equal("2", Assert.Single(await server.Client.GetStagesAsync("m")).Version);
        // Staying where it is needs no verdict, and so it is for the one that counts.
        await MoveAsync(server, "1", "Production", false);
        await MoveAsync(server, "2", "Production", true);
        Assert.Equal(["Archived", "Production"], await StagesAsync(server));
    }

    [Theory, EachDatabase]
    public async Task Production_is_left_for_staging_only_where_another_stays(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.RegisterAsync("m");
        await server.RegisterAsync("m");
        await MoveAsync(server, "1", "Production", false);
        await RefusedAsync(server, 409, "m/1 is in production", HttpMethod.Post, Route, new { name = "m", version = "1", stage = "Staging" });
        await MoveAsync(server, "2", "Production", false);
        await MoveAsync(server, "1", "Staging", false);
        Assert.Equal(["Staging", "Production"], await StagesAsync(server));
    }

    [Theory, EachDatabase]
    public async Task What_is_no_stage_is_refused_and_archiving_is_for_active_ones(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.RegisterAsync("m");
        const string bogus = "Invalid Model Version stage: Bogus. Value must be one of None, Staging, Production, Archived.";
        await RefusedAsync(server, 400, bogus, HttpMethod.Post, Route, new { name = "m", version = "1", stage = "Bogus" });
        await RefusedAsync(server, 400, bogus, HttpMethod.Get, "registered-models/get-latest-versions?name=m&stages=Bogus");
        foreach (var stage in (string[])["None", "Archived"])
            await RefusedAsync(
                server, 400, $"Model version transition cannot archive existing model versions because '{stage}' is not an Active stage. Valid stages are ['Staging', 'Production']",
                HttpMethod.Post, Route, new { name = "m", version = "1", stage = stage.ToLowerInvariant(), archive_existing_versions = true });
        await RefusedAsync(server, 404, "Model Version (name=m, version=7) not found", HttpMethod.Post, Route, new { name = "m", version = "7", stage = "Staging" });
        await server.Client.SetAliasAsync("m", "champion", "1");
        Assert.Equal("""["champion"]""", (await MoveAsync(server, "1", "staging", true))["aliases"]!.ToJsonString());
    }

    private static async Task<System.Text.Json.Nodes.JsonNode> MoveAsync(TestServer server, string version, string stage, bool archive) =>
        (await DoneAsync(server, HttpMethod.Post, Route, new { name = "m", version, stage, archive_existing_versions = archive }))["model_version"]!;

    private static async Task<IReadOnlyList<string?>> StagesAsync(TestServer server)
    {
        var stages = new List<string?>();
        for (var version = 1; ; version++)
        {
            try
            {
                stages.Add((await server.Client.GetModelVersionAsync("m", $"{version}")).CurrentStage);
            }
            catch (BatonApiException missing) when (missing.Code == "not_found" || missing.Code == "RESOURCE_DOES_NOT_EXIST")
            {
                return stages;
            }
        }
    }
}
