using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Baton.Client;
using Baton.Contracts;
using Baton.Database;
using Baton.Testing;
using Xunit;

namespace Baton.ServerTests;

public sealed class DeploymentTests
{
    [Theory, EachDatabase]
    public async Task A_deployment_makes_the_endpoint_and_the_same_version_again_changes_nothing(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.RegisterAsync("m");
        Assert.Empty(await server.Client.ListEndpointsAsync());

        var first = await server.Client.DeployAsync("e", "m", "1", reason: "the first");
        Assert.Equal(("e", "m", "1", DeploymentKind.Deploy, null, "the first", false), (first.Endpoint, first.Model, first.Version, first.Kind, first.Previous, first.Reason, first.Verified));
        Assert.Matches("^sha256:[0-9a-f]{64}$", first.PackageDigest);
        Assert.Equal(first, await server.Client.DeployAsync("e", "m", "1", reason: "once more"));

        var endpoint = await server.Client.GetEndpointAsync("e");
        Assert.Equal(first, Assert.Single(endpoint.History!));
        Assert.Equal(first, endpoint.Current);
        Assert.Equal(EndpointState.NoNode, endpoint.State);
        Assert.Equal("e", Assert.Single(await server.Client.ListEndpointsAsync()).Name);
        var entry = Assert.Single((await server.Client.ReadLedgerAsync("endpoints/e")).Entries);
        Assert.Equal(("deployment.done", "endpoints/e", first.Actor), (entry.Action, entry.Subject, entry.Actor));
        Assert.Equal((first.Id, "the first"), (entry.Detail!.Value.GetProperty("deployment").GetString(), entry.Detail.Value.GetProperty("reason").GetString()));
    }

    [Theory, EachDatabase]
    public async Task A_stage_is_resolved_once_and_the_endpoint_stays_where_it_is_when_the_stage_moves(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await RegisterAsync(server, 2);
        var empty = await RefusedAsync(() => server.Client.DeployStageAsync("e", "m", "production"));
        Assert.Equal("not_ready", empty.Code);
        Assert.Contains("No version of m is in production", empty.Message, StringComparison.Ordinal);

        await server.Client.PromoteAsync("m", "1", "production");
        Assert.Equal("1", (await server.Client.DeployStageAsync("e", "m", "production")).Version);
        await server.Client.PromoteAsync("m", "2", "production");
        Assert.Equal("1", (await server.Client.GetEndpointAsync("e")).Current!.Version);
        var next = await server.Client.DeployStageAsync("e", "m", "production", expectedCurrent: "1");
        Assert.Equal(("2", "1"), (next.Version, next.Previous));
    }

    [Theory, EachDatabase]
    public async Task What_is_kept_of_the_predictions_reaches_the_nodes_and_the_ledger(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.RegisterAsync("m");
        Assert.Equal(HttpStatusCode.NotFound, await PutLoggingAsync(server, """{"sample": 0.5}"""));
        await server.Client.DeployAsync("e", "m", "1");
        var before = await server.Client.WaitForDesiredStateAsync(null, TimeSpan.Zero);
        Assert.Equal(1, before.Endpoints[0].Logging.Sample);

        Assert.Equal(HttpStatusCode.OK, await PutLoggingAsync(server, """{"sample": 0.25, "redact": ["origin"]}"""));
        var after = await server.Client.WaitForDesiredStateAsync(before.Generation, TimeSpan.FromSeconds(20));
        Assert.NotEqual(before.Generation, after.Generation);
        Assert.Equal(0.25, after.Endpoints[0].Logging.Sample);
        Assert.Equal(["origin"], after.Endpoints[0].Logging.Redact);
        Assert.Equal("endpoint.logging_set", (await server.Client.ReadLedgerAsync("endpoints/e")).Entries[^1].Action);

        Assert.Equal(HttpStatusCode.BadRequest, await PutLoggingAsync(server, """{"sample": 1.5}"""));
        Assert.Equal(HttpStatusCode.BadRequest, await PutLoggingAsync(server, """{"redact": [" "]}"""));
    }

    private static async Task<HttpStatusCode> PutLoggingAsync(TestServer server, string body)
    {
        using var response = await server.Http.PutAsync("api/v1/endpoints/e/logging", new StringContent(body));
        return response.StatusCode;
    }

    [Theory, EachDatabase]
    public async Task Rolling_back_walks_back_past_what_was_rolled_back_from(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await RegisterAsync(server, 4);
        foreach (var version in new[] { "1", "2", "3" })
            await server.Client.DeployAsync("e", "m", version);

        var back = await server.Client.RollBackAsync("e", reason: "it broke");
        Assert.Equal(("2", "3", DeploymentKind.Rollback, "it broke"), (back.Version, back.Previous, back.Kind, back.Reason));
        Assert.Equal("1", (await server.Client.RollBackAsync("e", expectedCurrent: "2")).Version);
        var none = await RefusedAsync(() => server.Client.RollBackAsync("e"));
        Assert.Equal((HttpStatusCode.Conflict, "not_ready"), (none.Status, none.Code));
        Assert.Contains("serves m/1, and there is no version before it", none.Message, StringComparison.Ordinal);

        // Onwards from there: the two that were rolled back from are no place to go back to.
        await server.Client.DeployAsync("e", "m", "4");
        Assert.Equal("1", (await server.Client.RollBackAsync("e")).Version);

        var endpoint = await server.Client.GetEndpointAsync("e");
        Assert.Equal(["1", "4", "1", "2", "3", "2", "1"], endpoint.History!.Select(d => d.Version));
        Assert.Equal(
            ["deployment.done", "deployment.done", "deployment.done", "deployment.rolled_back", "deployment.rolled_back", "deployment.done", "deployment.rolled_back"],
            (await server.Client.ReadLedgerAsync("endpoints/e")).Entries.Select(e => e.Action));
    }

    [Theory, EachDatabase]
    public async Task A_rollback_asks_no_gate_and_passes_over_a_version_that_was_deleted(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await RegisterAsync(server, 3);
        foreach (var version in new[] { "1", "2", "3" })
            await server.Client.DeployAsync("e", "m", version);
        await server.Client.DeleteModelVersionAsync("m", "2");
        await server.PutInForceAsync("m", TestServer.ContractOf("m"));

        Assert.Equal("1", (await server.Client.RollBackAsync("e")).Version);
        Assert.Equal("gate_refused", (await RefusedAsync(() => server.Client.DeployAsync("e", "m", "3"))).Code);
    }

    [Theory, EachDatabase]
    public async Task An_endpoint_out_of_service_keeps_its_history_and_comes_back_by_a_deployment(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await RegisterAsync(server, 2);
        await server.Client.DeployAsync("e", "m", "1");
        await server.Client.DeployAsync("e", "m", "2");
        await server.Client.RemoveEndpointAsync("e");
        await server.Client.RemoveEndpointAsync("e");

        var off = await server.Client.GetEndpointAsync("e");
        Assert.Equal((EndpointState.Off, null, 2), (off.State, off.Current, off.History!.Count));
        Assert.Empty((await server.Client.WaitForDesiredStateAsync(null, TimeSpan.Zero)).Endpoints);
        Assert.Contains("out of service", (await RefusedAsync(() => server.Client.RollBackAsync("e"))).Message, StringComparison.Ordinal);

        var again = await server.Client.DeployAsync("e", "m", "2", expectedCurrent: "");
        Assert.Equal(("2", null), (again.Version, again.Previous));
        Assert.Equal("1", (await server.Client.RollBackAsync("e")).Version);
        Assert.Equal(
            ["deployment.done", "deployment.done", "endpoint.removed", "deployment.done", "deployment.rolled_back"],
            (await server.Client.ReadLedgerAsync("endpoints/e")).Entries.Select(e => e.Action));
    }

    [Theory, EachDatabase]
    public async Task Of_two_deployments_at_once_one_wins_and_the_other_is_told_that_the_endpoint_moved(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await RegisterAsync(server, 2);
        for (var round = 0; round < 10; round++)
        {
            var attempts = await Task.WhenAll(new[] { "1", "2" }.Select(v => TryAsync(() => server.Client.DeployAsync($"e{round}", "m", v, expectedCurrent: ""))));
            var won = Assert.Single(attempts, a => a.Deployed is not null).Deployed!;
            Assert.Equal("endpoint_moved", Assert.Single(attempts, a => a.Error is not null).Error!.Code);
            Assert.Equal(won, Assert.Single((await server.Client.GetEndpointAsync($"e{round}")).History!));
        }
    }

    [Theory, EachDatabase]
    public async Task Under_a_contract_only_what_passed_a_gate_reaches_traffic_and_refusals_stand_in_the_ledger(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var (first, _) = await server.HandOverAsync("m", TestServer.ContractOf("m"));
        var passed = await server.VerifyNextAsync(Verdict.Pass);
        var unstaged = await RefusedAsync(() => server.Client.DeployAsync("e", "m", first.Version));
        Assert.Equal(("gate_refused", Verdict.Pass), (unstaged.Code, unstaged.Verdict));
        Assert.Contains("promote it first", unstaged.Message, StringComparison.Ordinal);
        Assert.Empty(await server.Client.ListEndpointsAsync());

        await server.Client.PromoteAsync("m", first.Version, "staging");
        Assert.True((await server.Client.DeployAsync("e", "m", first.Version)).Verified);

        var (second, _) = await server.HandOverAsync("m", TestServer.ContractOf("m"));
        var failed = await server.VerifyNextAsync(Verdict.Fail);
        var refused = await RefusedAsync(() => server.Client.DeployAsync("e", "m", second.Version));
        Assert.Equal((HttpStatusCode.Conflict, "gate_refused", Verdict.Fail), (refused.Status, refused.Code, refused.Verdict));
        Assert.Contains("metrics.roc_auc was made up by the test", refused.Message, StringComparison.Ordinal);

        Assert.Equal("1", (await server.Client.GetEndpointAsync("e")).Current!.Version);
        var entries = (await server.Client.ReadLedgerAsync("endpoints/e")).Entries;
        Assert.Equal(["deployment.refused", "deployment.done", "deployment.refused"], entries.Select(e => e.Action));
        Assert.Equal([passed.EvidenceDigest, passed.EvidenceDigest, failed.EvidenceDigest], entries.Select(e => e.Evidence));
    }

    [Theory, EachDatabase]
    public async Task What_cannot_be_served_is_refused_with_what_was_expected(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.RegisterAsync("m");
        await server.RegisterAsync("other");
        await server.Client.CreateModelVersionAsync("m", "s3://elsewhere/model");
        await server.Client.DeployAsync("e", "m", "1");

        var unsealed = await RefusedAsync(() => server.Client.DeployAsync("e", "m", "2"));
        Assert.Equal("not_ready", unsealed.Code);
        Assert.Contains("not sealed", unsealed.Message, StringComparison.Ordinal);
        var other = await RefusedAsync(() => server.Client.DeployAsync("e", "other", "1"));
        Assert.Contains("serves versions of m", other.Message, StringComparison.Ordinal);
        Assert.Equal("not_found", (await RefusedAsync(() => server.Client.DeployAsync("e", "m", "9"))).Code);
        Assert.Equal("not_found", (await RefusedAsync(() => server.Client.DeployAsync("e", "none", "1"))).Code);
        Assert.Equal("not_found", (await RefusedAsync(() => server.Client.RollBackAsync("nowhere"))).Code);
        Assert.Equal("not_found", (await RefusedAsync(() => server.Client.RemoveEndpointAsync("nowhere"))).Code);
        Assert.Equal("not_found", (await RefusedAsync(() => server.Client.GetEndpointAsync("nowhere"))).Code);
        var badName = await RefusedAsync(() => server.Client.DeployAsync("../e", "m", "1"));
        Assert.Contains("letters, digits", badName.Message, StringComparison.Ordinal);
        Assert.Contains("expected staging or production", (await RefusedAsync(() => server.Client.DeployStageAsync("e", "m", "archived"))).Message, StringComparison.Ordinal);
        using var both = await server.Http.PostAsync("api/v1/endpoints/e/deployments", new StringContent("""{"model": "m", "version": "1", "stage": "production"}"""));
        Assert.Contains("either a version or a stage", await both.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Single((await server.Client.GetEndpointAsync("e")).History!);
    }

    [Theory, EachDatabase]
    public async Task A_waiting_node_hears_of_a_deployment_within_a_second_and_of_nothing_else(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await RegisterAsync(server, 2);
        await server.Client.DeployAsync("e", "m", "1");
        var before = await server.Client.WaitForDesiredStateAsync(null, TimeSpan.FromSeconds(20));
        Assert.Equal(before.Generation, (await server.Client.WaitForDesiredStateAsync(before.Generation, TimeSpan.Zero)).Generation);

        var waiting = server.Client.WaitForDesiredStateAsync(before.Generation, TimeSpan.FromSeconds(20));
        await server.RegisterAsync("another");
        await Task.Delay(100);
        Assert.False(waiting.IsCompleted);
        var deployed = await server.Client.DeployAsync("e", "m", "2");
        var after = await waiting;

        // A server that only looked every second would take five times as long.
        var waited = new Stopwatch();
        for (var round = 0; round < 6; round++)
        {
            waiting = server.Client.WaitForDesiredStateAsync(after.Generation, TimeSpan.FromSeconds(20));
            await Task.Delay(50);
            deployed = await server.Client.DeployAsync("e", "m", after.Endpoints[0].Version == "2" ? "1" : "2");
            waited.Start();
            after = await waiting;
            waited.Stop();
        }

        Assert.True(waited.Elapsed < TimeSpan.FromSeconds(2), $"six answers took {waited.Elapsed}");
        Assert.NotEqual(before.Generation, after.Generation);
        var served = Assert.Single(after.Endpoints);
        Assert.Equal(("default", "e", "champion", "m", "2", deployed.PackageDigest), (served.Project, served.Endpoint, served.Arm, served.Model, served.Version, served.PackageDigest));
        Assert.Equal(deployed.PackageDigest, served.Package.Digest);
        Assert.Equal(["MLmodel", "model.onnx"], served.Package.Files.Select(f => f.Path));
        Assert.Equal((false, null, 1.0), (served.Verified, served.Claims, served.Logging.Sample));
        Assert.Empty(served.Logging.Redact);
    }

    [Theory, EachDatabase]
    public async Task A_new_verdict_changes_what_nodes_are_told(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var (version, _) = await server.HandOverAsync("m", TestServer.ContractOf("m"));
        await server.VerifyNextAsync(Verdict.Pass);
        await server.Client.PromoteAsync("m", version.Version, "production");
        await server.Client.DeployAsync("e", "m", version.Version);
        var verified = await server.Client.WaitForDesiredStateAsync(null, TimeSpan.Zero);
        Assert.True(Assert.Single(verified.Endpoints).Verified);
        Assert.Equal("model.onnx", verified.Endpoints[0].Claims!.Framework.ModelFile);

        var waiting = server.Client.WaitForDesiredStateAsync(verified.Generation, TimeSpan.FromSeconds(20));
        await server.Client.VerifyAsync("m", version.Version);
        await server.VerifyNextAsync(Verdict.Fail);
        Assert.False(Assert.Single((await waiting).Endpoints).Verified);
        Assert.False((await server.Client.GetEndpointAsync("e")).Current!.Verified);
    }

    [Theory, EachDatabase]
    public async Task An_endpoint_is_ready_when_every_node_that_was_heard_of_lately_serves_it(Engine engine)
    {
        var clock = new Clock();
        await using var server = await TestServer.StartAsync(engine, time: clock);
        await RegisterAsync(server, 2);
        var deployment = await server.Client.DeployAsync("e", "m", "1");
        Assert.Equal(EndpointState.NoNode, (await server.Client.GetEndpointAsync("e")).State);

        await ReportAsync(server, "a", "1", ServedState.Loading);
        Assert.Equal(EndpointState.Loading, (await server.Client.GetEndpointAsync("e")).State);
        await ReportAsync(server, "a", "1", ServedState.Ready);
        var ready = await server.Client.WaitForDeploymentAsync(deployment, TimeSpan.FromSeconds(5));
        Assert.Equal(EndpointState.Ready, ready.State);
        Assert.Equal(("a", "http://127.0.0.1:8080", "1", ServedState.Ready), (ready.Nodes![0].Node, ready.Nodes[0].Address, ready.Nodes[0].Version, ready.Nodes[0].State));

        await server.Client.ReportServingAsync(new NodeStatus { Node = "b", Address = "http://127.0.0.1:8090", Endpoints = [], Counters = new Dictionary<string, long>() });
        Assert.Equal(EndpointState.Loading, (await server.Client.GetEndpointAsync("e")).State);
        await server.Client.DeployAsync("e", "m", "2");
        await ReportAsync(server, "b", "2", ServedState.Failed, "it does not load");
        Assert.Equal(EndpointState.Failed, Assert.Single(await server.Client.ListEndpointsAsync()).State);
        Assert.Equal("it does not load", (await server.Client.GetEndpointAsync("e")).Nodes!.Single(n => n.Node == "b").Reason);

        clock.Ahead = TimeSpan.FromSeconds(31);
        Assert.Equal((EndpointState.NoNode, 0), ((await server.Client.GetEndpointAsync("e")).State, (await server.Client.GetEndpointAsync("e")).Nodes!.Count));
        await ReportAsync(server, "b", "2", ServedState.Ready);
        Assert.Equal(EndpointState.Ready, (await server.Client.GetEndpointAsync("e")).State);
    }

    [Theory, EachDatabase]
    public async Task A_version_is_deleted_only_where_nothing_holds_it_and_keeps_its_number(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await RegisterAsync(server, 2);
        await server.Client.DeployAsync("e", "m", "2");
        var (status, body) = await server.MlflowAsync(HttpMethod.Delete, "model-versions/delete", new { name = "m", version = "2" });
        Assert.Equal((409, "INVALID_PARAMETER_VALUE"), (status, body["error_code"]!.GetValue<string>()));
        Assert.Contains("the endpoint e serves it", body["message"]!.GetValue<string>(), StringComparison.Ordinal);

        await server.HandOverAsync("claimed", TestServer.ContractOf("claimed"));
        (status, body) = await server.MlflowAsync(HttpMethod.Delete, "model-versions/delete?name=claimed&version=1");
        Assert.Equal(409, status);
        Assert.Contains("claims of it were submitted", body["message"]!.GetValue<string>(), StringComparison.Ordinal);

        (status, body) = await server.MlflowAsync(HttpMethod.Delete, "model-versions/delete", new { name = "m", version = "1" });
        Assert.Equal((200, "{}"), (status, body.ToJsonString()));
        Assert.Equal("version.deleted", (await server.Client.ReadLedgerAsync("models/m/versions/1")).Entries[^1].Action);
        (status, body) = await server.MlflowAsync(HttpMethod.Get, "model-versions/get?name=m&version=1");
        Assert.Equal((404, "RESOURCE_DOES_NOT_EXIST"), (status, body["error_code"]!.GetValue<string>()));
        Assert.Equal(404, (await server.MlflowAsync(HttpMethod.Delete, "model-versions/delete", new { name = "m", version = "1" })).Status);
        Assert.Equal("2", Assert.Single((await server.Client.GetRegisteredModelAsync("m")).LatestVersions!).Version);
        Assert.Equal("not_found", (await RefusedAsync(() => server.Client.DeployAsync("e", "m", "1"))).Code);
        await server.Client.RemoveEndpointAsync("e");
        await server.Client.DeleteModelVersionAsync("m", "2");
        Assert.Equal("3", (await server.RegisterAsync("m")).Version);
    }

    [Theory, EachDatabase]
    public async Task The_wire_is_as_documented(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.RegisterAsync("m");
        await server.Client.DeployAsync("e", "m", "1");
        await ReportAsync(server, "n", "1", ServedState.Ready);

        Assert.Equal(
            ["name", "current", "state", "history", "nodes"],
            await KeysAsync(server, "api/v1/endpoints/e", body => body));
        Assert.Equal(
            ["id", "endpoint", "model", "version", "package_digest", "verified", "kind", "at", "actor"],
            await KeysAsync(server, "api/v1/endpoints", body => body["endpoints"]![0]!["current"]!));
        Assert.Equal(
            ["node", "address", "version", "state", "seen_at"],
            await KeysAsync(server, "api/v1/endpoints/e", body => body["nodes"]![0]!));
        Assert.Equal(
            ["project", "endpoint", "arm", "model", "version", "package", "package_digest", "verified", "logging"],
            await KeysAsync(server, "api/v1/serving/desired?wait_seconds=0", body => body["endpoints"]![0]!));
    }

    private static async Task<IEnumerable<string>> KeysAsync(TestServer server, string path, Func<JsonNode, JsonNode> part) =>
        part(JsonNode.Parse(await server.Http.GetStringAsync(path))!).AsObject().Select(p => p.Key);

    private static Task ReportAsync(TestServer server, string node, string version, ServedState state, string? reason = null) => server.Client.ReportServingAsync(
        new NodeStatus
        {
            Node = node,
            Address = "http://127.0.0.1:8080",
            Endpoints = [new EndpointReport("e", version, state, reason, "default")],
            Counters = new Dictionary<string, long> { ["predictions"] = 1 },
        });

    private static async Task RegisterAsync(TestServer server, int versions)
    {
        for (var i = 0; i < versions; i++)
            await server.RegisterAsync("m");
    }

    private static Task<BatonApiException> RefusedAsync(Func<Task> act) => Assert.ThrowsAsync<BatonApiException>(act);

    private static async Task<(DeploymentRecord? Deployed, BatonApiException? Error)> TryAsync(Func<Task<DeploymentRecord>> deploy)
    {
        try
        {
            return (await deploy(), null);
        }
        catch (BatonApiException refused)
        {
            return (null, refused);
        }
    }

    /// <summary>The system's clock, which can be put ahead.</summary>
    private sealed class Clock : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;
    }
}
