using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Baton.Database;
using Baton.Server;
using Baton.Testing;
using Xunit;

namespace Baton.ServerTests;

public sealed class ArtifactRootTests
{
    [Theory, EachDatabase]
    public async Task What_clients_write_below_the_root_is_listed_and_served_and_nothing_else(Engine engine)
    {
        using var folder = new TempDirectory();
        await using var server = await TestServer.StartAsync(engine, with: o => o with { DefaultArtifactRoot = $"file://{folder.File("root")}" });
        await File.WriteAllTextAsync(folder.File("secret"), "secret");
        var experiment = await server.Client.GetOrCreateExperimentAsync("outer");
        var run = await server.Client.CreateRunAsync(experiment.ExperimentId, "r", []);
        Assert.StartsWith($"file://{folder.File("root")}/", run.Info.ArtifactUri, StringComparison.Ordinal);
        var own = new Uri(run.Info.ArtifactUri).LocalPath;
        Directory.CreateDirectory(Path.Combine(own, "d"));
        await File.WriteAllTextAsync(Path.Combine(own, "d", "a.txt"), "0123456789");
        File.CreateSymbolicLink(Path.Combine(own, "link"), folder.File("secret"));
        Directory.CreateSymbolicLink(Path.Combine(own, "out"), folder.Path);

        var id = run.Info.RunId;
        var (_, listed) = await server.MlflowAsync(HttpMethod.Get, $"artifacts/list?run_id={id}");
        Assert.Equal("""[{"path":"d","is_dir":true}]""", listed["files"]!.ToJsonString());
        using var request = new HttpRequestMessage(HttpMethod.Get, $"get-artifact?run_id={id}&path=d/a.txt") { Headers = { Range = new RangeHeaderValue(2, 4) } };
        using var part = await server.Http.SendAsync(request);
        Assert.Equal((HttpStatusCode.PartialContent, "234"), (part.StatusCode, await part.Content.ReadAsStringAsync()));
        foreach (var path in (string[])["link", "out/secret", "../../../secret", "%2e%2e/x", "d"])
        {
            using var refused = await server.Http.GetAsync($"get-artifact?run_id={id}&path={path}");
            Assert.Contains(refused.StatusCode, (HttpStatusCode[])[HttpStatusCode.NotFound, HttpStatusCode.BadRequest]);
        }
    }

    [Theory, EachDatabase]
    public async Task A_place_outside_the_root_is_not_read(Engine engine)
    {
        using var folder = new TempDirectory();
        await using var server = await TestServer.StartAsync(engine, with: o => o with { DefaultArtifactRoot = $"file://{folder.File("root")}" });
        foreach (var location in (string[])["file:///etc", $"file://{folder.File("rootless")}", "s3://bucket/x"])
        {
            var (_, created) = await server.MlflowAsync(HttpMethod.Post, "experiments/create", new { name = location, artifact_location = location });
            var run = await server.Client.CreateRunAsync(created["experiment_id"]!.GetValue<string>(), "r", []);
            var (status, body) = await server.MlflowAsync(HttpMethod.Get, $"artifacts/list?run_id={run.Info.RunId}");
            Assert.Equal((400, "INVALID_PARAMETER_VALUE"), (status, body["error_code"]!.GetValue<string>()));
            Assert.Contains(location, body["message"]!.GetValue<string>(), StringComparison.Ordinal);
        }
    }

    [Theory, EachDatabase]
    public async Task A_version_of_what_clients_wrote_is_sealed_and_the_folder_no_longer_matters(Engine engine)
    {
        using var folder = new TempDirectory();
        await using var server = await TestServer.StartAsync(engine, with: o => o with { DefaultArtifactRoot = $"file://{folder.File("root")}" });
        await server.MlflowAsync(HttpMethod.Post, "registered-models/create", new { name = "m" });
        var experiment = await server.Client.GetOrCreateExperimentAsync("outer");
        var run = (await server.Client.CreateRunAsync(experiment.ExperimentId, "r", [])).Info;
        var model = Directory.CreateDirectory(Path.Combine(new Uri(run.ArtifactUri).LocalPath, "model", "deep")).Parent!.FullName;
        await File.WriteAllTextAsync(Path.Combine(model, "MLmodel"), "flavors: {}");
        await File.WriteAllTextAsync(Path.Combine(model, "deep", "w.bin"), "0123456789");
        await File.WriteAllTextAsync(folder.File("secret"), "secret");
        File.CreateSymbolicLink(Path.Combine(model, "link"), folder.File("secret"));
        Directory.CreateSymbolicLink(Path.Combine(model, "out"), folder.Path);

        var sources = new (string Source, string? RunId)[]
        {
            ($"runs:/{run.RunId}/model", null), ($"{run.ArtifactUri}/model", run.RunId), (model, run.RunId), ($"{run.ArtifactUri}/model", null), (model, null),
        };
        var locations = new HashSet<string>();
        foreach (var (source, runId) in sources)
        {
            var (status, body) = await server.MlflowAsync(HttpMethod.Post, "model-versions/create", new { name = "m", source, run_id = runId });
            Assert.True(status == 200, body.ToJsonString());
            var version = body["model_version"]!["version"]!.GetValue<string>();
            locations.Add((await server.MlflowAsync(HttpMethod.Get, $"model-versions/get-download-uri?name=m&version={version}")).Body["artifact_uri"]!.GetValue<string>());
        }

        var location = Assert.Single(locations);
        Directory.Delete(folder.File("root"), recursive: true);
        Assert.StartsWith("mlflow-artifacts:/sealed/", location, StringComparison.Ordinal);
        var root = location["mlflow-artifacts:/".Length..];
        Assert.Equal("0123456789", await server.Http.GetStringAsync($"api/2.0/mlflow-artifacts/artifacts/{root}/deep/w.bin"));
        Assert.Equal("flavors: {}", await server.Http.GetStringAsync($"api/2.0/mlflow-artifacts/artifacts/{root}/MLmodel"));
        foreach (var path in (string[])["link", "out/secret"])
        {
            using var refused = await server.Http.GetAsync($"api/2.0/mlflow-artifacts/artifacts/{root}/{path}");
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        }
    }

    [Theory, EachDatabase]
    public async Task A_logged_model_that_clients_wrote_is_sealed_by_its_id_and_by_its_name(Engine engine)
    {
        using var folder = new TempDirectory();
        await using var server = await TestServer.StartAsync(engine, with: o => o with { DefaultArtifactRoot = $"file://{folder.File("root")}" });
        await server.MlflowAsync(HttpMethod.Post, "registered-models/create", new { name = "m" });
        var experiment = await server.Client.GetOrCreateExperimentAsync("outer");
        var run = (await server.Client.CreateRunAsync(experiment.ExperimentId, "r", [])).Info;
        var (_, created) = await server.MlflowAsync(
            HttpMethod.Post, "logged-models", new { experiment_id = experiment.ExperimentId, name = "net", source_run_id = run.RunId });
        var logged = created["model"]!["info"]!;
        var (id, uri) = (logged["model_id"]!.GetValue<string>(), logged["artifact_uri"]!.GetValue<string>());
        Directory.CreateDirectory(new Uri(uri).LocalPath);
        await File.WriteAllTextAsync(Path.Combine(new Uri(uri).LocalPath, "MLmodel"), "flavors: {}");
        foreach (var (source, modelId) in new (string, string?)[] { ($"models:/{id}", null), ($"runs:/{run.RunId}/net", null), (uri, id) })
        {
            var (status, body) = await server.MlflowAsync(HttpMethod.Post, "model-versions/create", new { name = "m", source, model_id = modelId });
            Assert.True(status == 200, body.ToJsonString());
            var version = body["model_version"]!["version"]!.GetValue<string>();
            var (_, at) = await server.MlflowAsync(HttpMethod.Get, $"model-versions/get-download-uri?name=m&version={version}");
            Assert.StartsWith("mlflow-artifacts:/sealed/", at["artifact_uri"]!.GetValue<string>(), StringComparison.Ordinal);
        }

        var (_, read) = await server.MlflowAsync(HttpMethod.Get, $"logged-models/{id}");
        var links = read["model"]!["info"]!["tags"]!.AsArray().Single(t => t!["key"]!.GetValue<string>() == "mlflow.modelVersions")!["value"]!.GetValue<string>();
        Assert.Equal(3, JsonNode.Parse(links)!.AsArray().Count);
    }

    [Theory, EachDatabase]
    public async Task What_leaves_the_root_or_is_not_there_is_not_sealed(Engine engine)
    {
        using var folder = new TempDirectory();
        await using var server = await TestServer.StartAsync(engine, with: o => o with { DefaultArtifactRoot = $"file://{folder.File("root")}" });
        await server.MlflowAsync(HttpMethod.Post, "registered-models/create", new { name = "m" });
        var experiment = await server.Client.GetOrCreateExperimentAsync("outer");
        var run = (await server.Client.CreateRunAsync(experiment.ExperimentId, "r", [])).Info;
        var own = new Uri(run.ArtifactUri).LocalPath;
        Directory.CreateDirectory(own);
        await File.WriteAllTextAsync(folder.File("secret"), "secret");
        File.CreateSymbolicLink(Path.Combine(own, "link"), folder.File("secret"));
        Directory.CreateSymbolicLink(Path.Combine(own, "out"), folder.Path);
        var refused = new (string Source, string? RunId, int Status)[]
        {
            ($"runs:/{run.RunId}/link", null, 404), ($"runs:/{run.RunId}/out", null, 404), ($"runs:/{run.RunId}/nothing", null, 404),
            ($"runs:/{run.RunId}/../../../secret", null, 400), ($"{run.ArtifactUri}/../../../secret", run.RunId, 400),
            ($"{run.ArtifactUri}/%2e%2e/%2e%2e/secret", run.RunId, 400), (folder.File("secret"), null, 400), (folder.File("root"), null, 400),
        };
        foreach (var (source, runId, expected) in refused)
        {
            var (status, body) = await server.MlflowAsync(HttpMethod.Post, "model-versions/create", new { name = "m", source, run_id = runId });
            Assert.True(status == expected, $"{source}: {body.ToJsonString()}");
        }
    }

    [Theory, EachDatabase]
    public async Task A_folder_that_changes_or_holds_too_much_is_refused(Engine engine)
    {
        using var folder = new TempDirectory();
        await using var server = await TestServer.StartAsync(engine, with: o => o with { DefaultArtifactRoot = $"file://{folder.File("root")}" });
        await server.MlflowAsync(HttpMethod.Post, "registered-models/create", new { name = "m" });
        var experiment = await server.Client.GetOrCreateExperimentAsync("outer");
        var run = (await server.Client.CreateRunAsync(experiment.ExperimentId, "r", [])).Info;
        var model = Directory.CreateDirectory(Path.Combine(new Uri(run.ArtifactUri).LocalPath, "model")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(model, "big"), new byte[32 << 20]);
        // One is copied before the large file, and written over without growing; one after it, and grows.
        foreach (var (name, mode) in new[] { ("a", FileMode.Open), ("z", FileMode.Append) })
        {
            var changing = Path.Combine(model, name);
            await File.WriteAllTextAsync(changing, "x");
            using var ended = new CancellationTokenSource();
            var writer = Task.Run(() =>
            {
                while (!ended.IsCancellationRequested)
                {
                    using var file = new FileStream(changing, mode, FileAccess.Write, FileShare.ReadWrite);
                    file.WriteByte((byte)'y');
                }
            });
            var (refused, why) = await server.MlflowAsync(HttpMethod.Post, "model-versions/create", new { name = "m", source = $"runs:/{run.RunId}/model" });
            await ended.CancelAsync();
            await writer;
            Assert.Equal((409, "RESOURCE_CONFLICT"), (refused, why["error_code"]?.GetValue<string>()));
            Assert.Contains($"model/{name}' changed while it was copied", why["message"]!.GetValue<string>(), StringComparison.Ordinal);
        }

        var (status, body) = await server.MlflowAsync(HttpMethod.Post, "model-versions/create", new { name = "m", source = $"runs:/{run.RunId}/model" });
        Assert.True(status == 200, body.ToJsonString());
        Assert.Equal("1", body["model_version"]!["version"]!.GetValue<string>());

        var many = Directory.CreateDirectory(Path.Combine(model, "many")).FullName;
        for (var i = 0; i <= 10_000; i++)
            await File.WriteAllBytesAsync(Path.Combine(many, $"{i}"), []);
        (status, body) = await server.MlflowAsync(HttpMethod.Post, "model-versions/create", new { name = "m", source = $"runs:/{run.RunId}/model/many" });
        Assert.Equal(400, status);
        Assert.Contains("more than 10000 files", body["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3://bucket")]
    [InlineData("file://host/dir")]
    [InlineData("/dir")]
    [InlineData("file:///dir?x")]
    public void A_root_of_another_kind_is_a_fault(string root) => Assert.Contains(
        $"--default-artifact-root {root} is not understood", string.Join('\n', new ServerOptions { DataDirectory = "d", DefaultArtifactRoot = root }.Problems()), StringComparison.Ordinal);

    [Theory]
    [InlineData("mlflow-artifacts:/")]
    [InlineData("mlflow-artifacts:/below")]
    [InlineData("file:///dir")]
    public void A_root_of_a_known_kind_is_none(string root) => Assert.Empty(new ServerOptions { DataDirectory = "d", DefaultArtifactRoot = root }.Problems());
}
