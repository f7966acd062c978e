using System.Net;
using Baton.Contracts;
using Baton.Database;
using Baton.Server.Platform.References;
using Baton.Storage;
using Baton.Testing;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Baton.ServerTests;

public sealed class GcTests
{
    private const string Proxy = "api/2.0/mlflow-artifacts/artifacts";
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    [Theory, EachDatabase]
    public async Task Deleted_runs_go_for_good_with_their_files_once_they_were_deleted_long_ago(Engine engine)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var server = await TestServer.StartAsync(engine, time: time);
        var (kept, gone) = (await server.NewRunAsync("kept"), await server.NewRunAsync("gone"));
        foreach (var run in (string[])[kept, gone])
        {
            await PutAsync(server, $"0/{run}/artifacts/own", $"only of {run}");
            await PutAsync(server, $"0/{run}/artifacts/both", "shared");
            await server.MlflowAsync(HttpMethod.Post, "runs/log-batch", new
            {
                run_id = run,
                metrics = new[] { new { key = "m", value = 1.0, timestamp = 1, step = 0 } },
                @params = new[] { new { key = "p", value = "v" } },
            });
        }

        await server.MlflowAsync(HttpMethod.Post, "runs/delete", new { run_id = gone });
        time.Advance(TimeSpan.FromDays(6));
        Assert.Equal((0, 0), await CollectAsync(server, dryRun: false));
        time.Advance(TimeSpan.FromDays(2));
        Assert.Equal((1, 1), await CollectAsync(server, dryRun: true));
        Assert.Equal($"only of {gone}", await server.Http.GetStringAsync($"{Proxy}/0/{gone}/artifacts/own"));

        var told = new List<string>();
        var report = await server.Client.CollectGarbageAsync(Week, dryRun: false, step => told.Add(step.Kind));
        Assert.Equal((1, 1, $"only of {gone}".Length), (report.Runs, report.Blobs, report.Bytes));
        Assert.Equal(["run", "blob"], told);
        Assert.Equal(404, (await server.MlflowAsync(HttpMethod.Get, $"runs/get?run_id={gone}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Http.GetAsync($"{Proxy}/0/{gone}/artifacts/own")).StatusCode);
        Assert.Equal($"only of {kept}", await server.Http.GetStringAsync($"{Proxy}/0/{kept}/artifacts/own"));
        Assert.Equal("shared", await server.Http.GetStringAsync($"{Proxy}/0/{kept}/artifacts/both"));
        Assert.Equal((0, 0), await CollectAsync(server, dryRun: false));
        Assert.Contains("gc.ran", await server.Http.GetStringAsync("api/v1/ledger?limit=1000"), StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task What_a_version_came_from_is_kept_and_so_are_its_files(Engine engine)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var server = await TestServer.StartAsync(engine, time: time);
        var version = await server.RegisterAsync("m", ("model.onnx", "sealed bytes"));
        await server.MlflowAsync(HttpMethod.Post, "runs/delete", new { run_id = version.RunId });
        await server.Http.DeleteAsync($"{Proxy}/{(await server.Client.GetRunAsync(version.RunId!)).Info.ArtifactUri["mlflow-artifacts:/".Length..]}");
        time.Advance(TimeSpan.FromDays(30));

        Assert.Equal((0, 0), await CollectAsync(server, dryRun: false));
        var root = (await server.Client.GetDownloadUriAsync("m", "1"))["mlflow-artifacts:/".Length..];
        Assert.Equal("sealed bytes", await server.Http.GetStringAsync($"{Proxy}/{root}/model.onnx"));
    }

    [Theory, EachDatabase]
    public async Task A_file_put_lately_is_spared_so_that_its_upload_can_name_it(Engine engine)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var server = await TestServer.StartAsync(engine, time: time);
        await PutAsync(server, "1/r/x", "text");
        await server.Http.DeleteAsync($"{Proxy}/1/r/x");
        Assert.Equal((0, 0), await CollectAsync(server, dryRun: false));
        time.Advance(TimeSpan.FromMinutes(59));
        await PutAsync(server, "1/r/y", "text");
        await server.Http.DeleteAsync($"{Proxy}/1/r/y");
        time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal((0, 0), await CollectAsync(server, dryRun: false));
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal((0, 1), await CollectAsync(server, dryRun: false));
    }

    [Theory, EachDatabase]
    public async Task Uploads_and_collections_at_once_lose_nothing(Engine engine)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var server = await TestServer.StartAsync(engine, time: time);
        for (var round = 0; round < 10; round++)
        {
            // Old blobs that nothing names, put again at the very time when they are collected.
            var texts = Enumerable.Range(0, 8).Select(i => $"text {i}").ToList();
            foreach (var (text, i) in texts.Select((t, i) => (t, i)))
                await PutAsync(server, $"1/old/{i}", text);
            await server.Http.DeleteAsync($"{Proxy}/1/old");
            await server.Http.DeleteAsync($"{Proxy}/1/new");
            time.Advance(TimeSpan.FromHours(2));
            await Task.WhenAll(
                [CollectAsync(server, dryRun: false), .. texts.Select((text, i) => PutAsync(server, $"1/new/{i}", text))]);
            foreach (var (text, i) in texts.Select((t, i) => (t, i)))
                Assert.Equal(text, await server.Http.GetStringAsync($"{Proxy}/1/new/{i}"));
        }
    }

    [Theory, EachDatabase]
    public async Task After_any_sequence_what_is_referenced_is_readable_and_the_rest_is_gone(Engine engine)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var server = await TestServer.StartAsync(engine, time: time);
        await server.Client.EnsureRegisteredModelAsync("m");
        var random = new Random(7);
        var (files, sealedFiles, ever) = (new Dictionary<string, string>(), new List<(string Root, string Path, string Text)>(), new HashSet<string>());
        for (var step = 0; step < 120; step++)
        {
            var path = $"1/r{random.Next(3)}/f{random.Next(4)}";
            var folder = path[..path.LastIndexOf('/')];
            switch (random.Next(10))
            {
                case < 5:
                    files[path] = $"content {random.Next(12)}";
                    ever.Add(files[path]);
                    await PutAsync(server, path, files[path]);
                    break;
                case < 7:
                    files.Remove(path);
                    await server.Http.DeleteAsync($"{Proxy}/{path}");
                    break;
                case 7 when files.Keys.Any(f => f.StartsWith(folder + "/", StringComparison.Ordinal)):
                    var version = await server.Client.CreateModelVersionAsync("m", $"mlflow-artifacts:/{folder}", null);
                    var root = (await server.Client.GetDownloadUriAsync("m", version.Version))["mlflow-artifacts:/".Length..];
                    sealedFiles.AddRange(files.Where(f => f.Key.StartsWith(folder + "/", StringComparison.Ordinal)).Select(f => (root, f.Key[(folder.Length + 1)..], f.Value)));
                    break;
                case 8:
                    time.Advance(TimeSpan.FromMinutes(random.Next(90)));
                    break;
                default:
                    await CollectAsync(server, dryRun: false);
                    break;
            }
        }

        time.Advance(TimeSpan.FromHours(2));
        await CollectAsync(server, dryRun: false);
        foreach (var (path, text) in files)
            Assert.Equal(text, await server.Http.GetStringAsync($"{Proxy}/{path}"));
        foreach (var (root, path, text) in sealedFiles)
            Assert.Equal(text, await server.Http.GetStringAsync($"{Proxy}/{root}/{path}"));
        var needed = files.Values.Concat(sealedFiles.Select(f => f.Text)).ToHashSet();
        var store = new BlobStore(server.BlobDirectory);
        Assert.Equal(needed.Order(), ever.Where(text => store.Contains(Digest.Parse(Digests.Sha256(text)))).Order());
        Assert.NotEmpty(ever.Except(needed));
    }

    [Theory, EachDatabase]
    public async Task What_a_version_names_only_by_where_its_files_are_keeps_them(Engine engine)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        using var folder = new TempDirectory();
        await using var server = await TestServer.StartAsync(engine, time: time);
        foreach (var name in (string[])["from", "to"])
            await server.Client.EnsureRegisteredModelAsync(name);
        var location = $"file://{folder.File("root")}/1";
        var experiment = (await server.MlflowAsync(HttpMethod.Post, "experiments/create", new { name = "outer", artifact_location = location })).Body["experiment_id"]!.GetValue<string>();
        var runs = new List<Client.RunInfo>();
        foreach (var name in (string[])["named", "unnamed"])
            runs.Add((await server.Client.CreateRunAsync(experiment, name, [])).Info);
        var other = await server.NewRunAsync("other");
        var models = new List<(string Id, string Uri)>();
        foreach (var name in (string[])["named", "unnamed"])
        {
            var info = (await server.MlflowAsync(HttpMethod.Post, "logged-models", new { experiment_id = "0", name })).Body["model"]!["info"]!;
            models.Add((info["model_id"]!.GetValue<string>(), info["artifact_uri"]!.GetValue<string>()));
        }

        // The first versions cannot be sealed: nobody reads that folder, and the model has no files yet. Their copies name another run, and no model.
        foreach (var (number, source) in ((int, string)[])[(1, $"runs:/{runs[0].RunId}/model"), (2, $"models:/{models[0].Id}")])
        {
            await server.MlflowAsync(HttpMethod.Post, "model-versions/create", new { name = "from", source });
            await server.MlflowAsync(HttpMethod.Post, "model-versions/create", new { name = "to", source = $"models:/from/{number}", run_id = other });
            await server.MlflowAsync(HttpMethod.Delete, "model-versions/delete", new { name = "from", version = $"{number}" });
        }

        foreach (var run in runs)
        {
            Directory.CreateDirectory(Path.Combine(new Uri(run.ArtifactUri).LocalPath, "model"));
            await File.WriteAllTextAsync(Path.Combine(new Uri(run.ArtifactUri).LocalPath, "model", "f"), "of a run");
            await server.MlflowAsync(HttpMethod.Post, "runs/delete", new { run_id = run.RunId });
        }

        foreach (var (id, uri) in models)
        {
            await PutAsync(server, $"{uri["mlflow-artifacts:/".Length..]}/f", $"of model {id}");
            await server.MlflowAsync(HttpMethod.Delete, $"logged-models/{id}");
        }

        time.Advance(TimeSpan.FromDays(30));
        // Another control plane on the same database and blobs reads the folder, and so would empty it.
        await using var reader = await TestServer.StartAsync(
            engine, time: time, with: o => o with { Database = server.DatabaseConnection, Blobs = $"file:{server.BlobDirectory}", DefaultArtifactRoot = $"file://{folder.File("root")}" });
        var report = await reader.Client.CollectGarbageAsync(Week, dryRun: false);
        Assert.Equal((1, 1, 1), (report.Runs, report.LoggedModels, report.Blobs));
        Assert.Equal([true, false], runs.Select(run => File.Exists(Path.Combine(new Uri(run.ArtifactUri).LocalPath, "model", "f"))));
        Assert.Equal($"of model {models[0].Id}", await server.Http.GetStringAsync($"{Proxy}/{models[0].Uri["mlflow-artifacts:/".Length..]}/f"));
        Assert.Equal([$"{runs[0].ArtifactUri}/model", models[0].Uri], [await server.Client.GetDownloadUriAsync("to", "1"), await server.Client.GetDownloadUriAsync("to", "2")]);
    }

    [Theory, EachDatabase]
    public async Task Every_page_of_documents_is_read_for_what_it_names(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await using var database = await BatonDatabase.OpenAsync(server.DatabaseConnection, TimeProvider.System);
        var named = Enumerable.Range(0, 1234).Select(i => Digests.Sha256($"named {i}")).ToList();
        await database.WriteAsync(async sql =>
        {
            foreach (var (digest, i) in named.Select((d, i) => (d, i)))
            {
                await sql.ExecuteAsync(
                    i % 2 == 0
                        ? "INSERT INTO manifests (project, digest, document, sealed_at) VALUES (@project, @key, @digest, 1)"
                        : "INSERT INTO claims (project, model, version, digest, document, submitted_at, submitted_by) VALUES (@project, 'm', @i, @key, @digest, 1, 'x')",
                    new { project = $"p{i % 3}", key = $"k{i % 7}-{i}", digest, i });
            }

            return true;
        }, CancellationToken.None);
        var unnamed = Digests.Sha256("unnamed");
        var left = named.Append(unnamed).ToHashSet();
        await NamedBlobs.ExceptNamedAsync(database, left, CancellationToken.None);
        Assert.Equal([unnamed], left);
    }

    [Theory, EachDatabase]
    public async Task A_run_that_is_registered_while_it_is_collected_is_kept_or_refused(Engine engine)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var server = await TestServer.StartAsync(engine, time: time);
        var experiment = (await server.MlflowAsync(HttpMethod.Post, "experiments/create", new { name = "elsewhere", artifact_location = "s3://bucket/x" })).Body["experiment_id"]!.GetValue<string>();
        await server.Client.EnsureRegisteredModelAsync("m");
        for (var round = 0; round < 4; round++)
        {
            var runs = new List<string>();
            for (var i = 0; i < 6; i++)
            {
                runs.Add((await server.Client.CreateRunAsync(experiment, "r", [])).Info.RunId);
                await server.MlflowAsync(HttpMethod.Post, "runs/delete", new { run_id = runs[^1] });
            }

            time.Advance(TimeSpan.FromDays(8));
            var collecting = CollectAsync(server, dryRun: false);
            var made = await Task.WhenAll(runs.Select(run => server.MlflowAsync(HttpMethod.Post, "model-versions/create", new { name = "m", source = $"runs:/{run}/model" })));
            await collecting;
            foreach (var (run, answer) in runs.Zip(made))
                Assert.Equal(answer.Status, (await server.MlflowAsync(HttpMethod.Get, $"runs/get?run_id={run}")).Status);
        }
    }

    [Theory]
    [InlineData("older_than_seconds=-1")]
    [InlineData("older_than_seconds=9999999999999")]
    public async Task A_time_that_is_none_is_refused(string query)
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        using var answer = await server.Http.PostAsync($"api/v1/gc?{query}", null);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private static async Task<(long Things, long Blobs)> CollectAsync(TestServer server, bool dryRun)
    {
        var report = await server.Client.CollectGarbageAsync(Week, dryRun);
        return (report.Runs + report.Experiments + report.LoggedModels, report.Blobs);
    }

    private static async Task PutAsync(TestServer server, string path, string text)
    {
        using var response = await server.Http.PutAsync($"{Proxy}/{path}", new StringContent(text));
        Assert.Equal("{}", await response.Content.ReadAsStringAsync());
    }
}
