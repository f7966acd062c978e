using System.Text;
using System.Text.Json.Nodes;
using Baton.Database;
using Baton.Testing;
using Xunit;
using static Baton.ServerTests.RegistryTests;

namespace Baton.ServerTests;

/// <summary>What a version may be made of, and where clients find its files.</summary>
public sealed class RegistrySourceTests
{
    private const string Create = "model-versions/create";

    [Theory, EachDatabase]
    public async Task A_logged_model_is_sealed_and_told_of_its_versions(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var (run, model) = await LoggedAsync(server, "net", "bytes of the net");
        await DoneAsync(server, HttpMethod.Post, "registered-models/create", new { name = "m" });
        var first = (await DoneAsync(server, HttpMethod.Post, Create, new { name = "m", source = $"models:/{model}", model_id = model }))["model_version"]!;
        Assert.Equal(($"models:/{model}", run), (first["source"]!.GetValue<string>(), first["run_id"]!.GetValue<string>()));
        var second = (await DoneAsync(server, HttpMethod.Post, Create, new { name = "m", source = $"models:/{model}", run_id = run }))["model_version"]!;
        Assert.Equal("2", second["version"]!.GetValue<string>());

        var root = (await server.Client.GetDownloadUriAsync("m", "1"))["mlflow-artifacts:/".Length..];
        Assert.StartsWith("sealed/", root, StringComparison.Ordinal);
        Assert.Equal("bytes of the net", await server.Http.GetStringAsync($"api/2.0/mlflow-artifacts/artifacts/{root}/model.bin"));
        Assert.Equal("""[{"name": "m", "version": 1}, {"name": "m", "version": 2}]""", await TagAsync(server, model));
        Assert.Equal(model, (await server.Client.ReadLedgerAsync("models/m/versions/1")).Entries[0].Detail!.Value.GetProperty("model_id").GetString());
    }

    [Theory, EachDatabase]
    public async Task Of_versions_made_at_once_of_one_logged_model_none_is_forgotten(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var (_, model) = await LoggedAsync(server, "net", "bytes");
        for (var i = 0; i < 8; i++)
            await DoneAsync(server, HttpMethod.Post, "registered-models/create", new { name = $"m{i}" });
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => DoneAsync(server, HttpMethod.Post, Create, new { name = $"m{i}", source = $"models:/{model}" })));
        Assert.Equal(Enumerable.Range(0, 8).Select(i => $"m{i}"), JsonNode.Parse(await TagAsync(server, model))!.AsArray().Select(v => v!["name"]!.GetValue<string>()).Order());
    }

    [Theory, EachDatabase]
    public async Task The_name_of_a_logged_model_below_its_run_means_it(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var (run, _) = await LoggedAsync(server, "net", "bytes of the net");
        await DoneAsync(server, HttpMethod.Post, "registered-models/create", new { name = "m" });
        await DoneAsync(server, HttpMethod.Post, Create, new { name = "m", source = $"runs:/{run}/net" });
        var root = (await server.Client.GetDownloadUriAsync("m", "1"))["mlflow-artifacts:/".Length..];
        Assert.Equal("bytes of the net", await server.Http.GetStringAsync($"api/2.0/mlflow-artifacts/artifacts/{root}/model.bin"));
        await RefusedAsync(server, 404, "There are no artifacts at", HttpMethod.Post, Create, new { name = "m", source = $"runs:/{run}/nothing" });
    }

    [Theory, EachDatabase]
    public async Task A_logged_model_without_files_gives_an_unsealed_version(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var (_, model) = await LoggedAsync(server, "outside", null);
        await DoneAsync(server, HttpMethod.Post, "registered-models/create", new { name = "m" });
        await DoneAsync(server, HttpMethod.Post, Create, new { name = "m", source = $"models:/{model}" });
        Assert.EndsWith($"/models/{model}/artifacts", await server.Client.GetDownloadUriAsync("m", "1"), StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task Another_version_is_a_source_by_number_alias_stage_and_latest(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var first = await server.RegisterAsync("from", ("f", "the first"));
        await server.RegisterAsync("from", ("f", "the second"));
        await DoneAsync(server, HttpMethod.Post, Create, new { name = "from", source = "s3://bucket/third" });
        await server.Client.SetAliasAsync("from", "champion", "1");
        await DoneAsync(server, HttpMethod.Post, "model-versions/transition-stage", new { name = "from", version = "2", stage = "Production" });
        await DoneAsync(server, HttpMethod.Post, "registered-models/create", new { name = "to" });
        foreach (var (source, same) in ((string, string)[])[("models:/from/1", "1"), ("models:/from@champion", "1"), ("models:/from/production", "2"), ("models:/from/latest", "3"), ("models:/from/3", "3")])
        {
            var made = (await DoneAsync(server, HttpMethod.Post, Create, new { name = "to", source }))["model_version"]!;
            Assert.Equal(source, made["source"]!.GetValue<string>());
            Assert.Equal(await server.Client.GetDownloadUriAsync("from", same), await server.Client.GetDownloadUriAsync("to", made["version"]!.GetValue<string>()));
        }

        Assert.Equal(first.RunId, (await server.Client.GetModelVersionAsync("to", "1")).RunId);
        await RefusedAsync(server, 404, "Model Version (name=from, version=9) not found", HttpMethod.Post, Create, new { name = "to", source = "models:/from/9" });
        await RefusedAsync(server, 400, "Registered model alias none not found.", HttpMethod.Post, Create, new { name = "to", source = "models:/from@none" });
        Assert.Equal("6", (await DoneAsync(server, HttpMethod.Post, Create, new { name = "to", source = "models:/from/1" }))["model_version"]!["version"]!.GetValue<string>());
    }

    [Theory, EachDatabase]
    public async Task Sources_that_hide_where_they_lead_are_refused(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var run = await server.NewRunAsync();
        await DoneAsync(server, HttpMethod.Post, "registered-models/create", new { name = "m" });
        foreach (var source in (string[])
            [
                "s3://bucket/a/../b", "s3://bucket/a/%2e%2e/b", "https://host/a/%252e%252e/b", "mlflow-artifacts:/1/../2", "runs:/x/../y", "s3://bucket/a//b", "dbfs:relative",
                "http://host/a/%00b", "ftp://host/./a",
            ])
        {
            var (code, message) = await RefusedAsync(server, 400, $"Invalid model version source: '{source}'. If supplying a source as an http, https, local file path, ftp, objectstore, or mlflow-artifacts uri, an absolute path", HttpMethod.Post, Create, new { name = "m", source });
            Assert.Equal("INVALID_PARAMETER_VALUE", code);
            Assert.EndsWith("Please provide an absolute path.", message, StringComparison.Ordinal);
        }

        foreach (var source in (string[])["/etc/passwd", "file:///etc", "model", "../model", @"C:\models\m", @"\\host\share", "./x"])
        {
            foreach (var body in (object[])[new { name = "m", source }, new { name = "m", source, run_id = run }])
                await RefusedAsync(
                    server, 400, $"Invalid model version source: '{source}'. To use a local path as a model version source, the run_id request parameter has to be specified and the local path has to be contained within the artifact directory of the run specified by the run_id.",
                    HttpMethod.Post, Create, body);
        }

        await RefusedAsync(server, 404, "Logged model with ID 'm-none' not found.", HttpMethod.Post, Create, new { name = "m", source = "s3://b/m", model_id = "m-none" });
        await RefusedAsync(server, 404, "Logged model with ID 'm-none' not found.", HttpMethod.Post, Create, new { name = "m", source = "models:/m-none" });
        await RefusedAsync(server, 404, "Run with id=none not found", HttpMethod.Post, Create, new { name = "m", source = "runs:/none/model" });
        await RefusedAsync(server, 400, "Invalid model version source: 'models:/a/b/c'.", HttpMethod.Post, Create, new { name = "m", source = "models:/a/b/c" });
        await RefusedAsync(server, 400, "'source' exceeds the maximum length of 2048 characters", HttpMethod.Post, Create, new { name = "m", source = "s3://b/" + new string('x', 2042) });
        await RefusedAsync(server, 400, "Missing value for required parameter 'source'.", HttpMethod.Post, Create, new { name = "m", source = "" });
        await RefusedAsync(server, 404, "Registered Model with name=none not found", HttpMethod.Post, Create, new { name = "none", source = "s3://b/m" });

        // Nothing of all that was refused took a number; a run of another server is only a word.
        var made = (await DoneAsync(server, HttpMethod.Post, Create, new { name = "m", source = "s3://b/" + new string('x', 2041), run_id = "of-another-server" }))["model_version"]!;
        Assert.Equal(("1", "of-another-server"), (made["version"]!.GetValue<string>(), made["run_id"]!.GetValue<string>()));
    }

    [Theory, EachDatabase]
    public async Task Files_of_another_host_are_not_taken_for_our_own(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.Client.PutArtifactAsync("mlflow-artifacts:/7/model", "f", new MemoryStream("own"u8.ToArray()));
        await DoneAsync(server, HttpMethod.Post, "registered-models/create", new { name = "m" });
        var (host, port) = (server.Address.Authority, server.Address.Port);
        foreach (var own in (string[])["mlflow-artifacts:/7/model", "mlflow-artifacts:///7/model", $"mlflow-artifacts://{host}/7/model", $"mlflow-artifacts://LOCALHOST:{port}/7/model"])
            Assert.StartsWith("mlflow-artifacts:/sealed/", await RegisteredAsync(own), StringComparison.Ordinal);
        foreach (var foreign in (string[])["mlflow-artifacts://other-host/7/model", $"mlflow-artifacts://other-host:{port}/7/model", $"mlflow-artifacts://127.0.0.1:{port - 1}/7/model"])
            Assert.Equal(foreign, await RegisteredAsync(foreign));

        foreach (var (authority, isOwn) in ((string, bool)[])[(host, true), ("other-host", false), ($"other-host:{port}", false), ($"127.0.0.1:{port - 1}", false)])
        {
            foreach (var location in (string[])[$"http://{authority}/api/2.0/mlflow-artifacts/artifacts/7", $"mlflow-artifacts://{authority}/7"])
            {
                var experiment = (await DoneAsync(server, HttpMethod.Post, "experiments/create", new { name = location, artifact_location = location }))["experiment_id"]!.GetValue<string>();
                var run = (await server.Client.CreateRunAsync(experiment, "r", [])).Info.RunId;
                await server.Client.PutArtifactAsync($"mlflow-artifacts:/7/{run}/artifacts", "model/f", new MemoryStream("of the run"u8.ToArray()));
                Assert.Equal(isOwn ? 200 : 400, (await server.MlflowAsync(HttpMethod.Get, $"artifacts/list?run_id={run}")).Status);
                Assert.Equal(isOwn, (await RegisteredAsync($"runs:/{run}/model")).StartsWith("mlflow-artifacts:/sealed/", StringComparison.Ordinal));
            }
        }

        async Task<string> RegisteredAsync(string source)
        {
            var made = (await DoneAsync(server, HttpMethod.Post, Create, new { name = "m", source }))["model_version"]!["version"]!.GetValue<string>();
            return await server.Client.GetDownloadUriAsync("m", made);
        }
    }

    /// <summary>A logged model of a new run, with one file or none.</summary>
    private static async Task<(string Run, string Model)> LoggedAsync(TestServer server, string name, string? content)
    {
        var run = await server.NewRunAsync();
        var info = (await DoneAsync(server, HttpMethod.Post, "logged-models", new { experiment_id = "0", name, source_run_id = run }))["model"]!["info"]!;
        if (content is not null)
            await server.Client.PutArtifactAsync(info["artifact_uri"]!.GetValue<string>(), "model.bin", new MemoryStream(Encoding.UTF8.GetBytes(content)));
        return (run, info["model_id"]!.GetValue<string>());
    }

    private static async Task<string> TagAsync(TestServer server, string model) =>
        (await DoneAsync(server, HttpMethod.Get, $"logged-models/{model}"))["model"]!["info"]!["tags"]!.AsArray()
            .Single(t => t!["key"]!.GetValue<string>() == "mlflow.modelVersions")!["value"]!.GetValue<string>();
}
