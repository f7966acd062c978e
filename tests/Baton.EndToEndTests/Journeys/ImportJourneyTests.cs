using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Baton.Client;
using Baton.EndToEndTests.Cli;
using Baton.EndToEndTests.Importing;
using Baton.Testing;
using Xunit;

namespace Baton.EndToEndTests.Journeys;

/// <summary>What MLflow has kept comes over whole, once, however often the way is broken off.</summary>
public sealed class ImportJourneyTests(ImportJourneyTests.Server server) : IClassFixture<ImportJourneyTests.Server>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private RunningBaton Baton => server.Baton;

    [Fact]
    public async Task A_folder_copied_from_elsewhere_comes_over_whole_and_a_second_time_is_nothing_new()
    {
        using var folder = new TempDirectory();
        var mlruns = new MlrunsFolder(folder.File("mlruns"));
        var experiment = mlruns.Experiment(871_234_567_890_123_456, "trains");
        MlrunsFolder.Tag(experiment, "team", "a");
        var run = mlruns.Run(experiment, "aaaa0001", "first");
        var value = new string('x', 7000);
        MlrunsFolder.Param(run, "optimiser/rate", value);
        MlrunsFolder.Tag(run, "mlflow.note.content", "two\nlines");
        MlrunsFolder.Points(run, "val/loss", MlrunsFolder.Point(2, 0.25), MlrunsFolder.Point(1, 0.5), $"{MlrunsFolder.Begin + 3} nan 3", $"{MlrunsFolder.Begin} -inf");
        MlrunsFolder.Artifact(run, "model/MLmodel", "flavors: {}");
        MlrunsFolder.Artifact(run, "model/data/a b.txt", "payload");
        MlrunsFolder.Write(Path.Combine(experiment, "datasets", "d1", "meta.yaml"), "dataset_uuid: d1\ndigest: '066351ab'\nname: train\nsource: '{}'\nsource_type: local\n");
        MlrunsFolder.Write(Path.Combine(run, "inputs", "i1", "meta.yaml"), "source_type: DATASET\nsource_id: d1\ndestination_type: RUN\ntags:\n  mlflow.data.context: training\n");
        mlruns.Run(experiment, "aaaa0002", "second", status: 4, deleted: true);
        mlruns.Run(experiment, "aaaa0003", "far", artifactUri: "s3://bucket/aaaa0003");
        mlruns.Run(mlruns.Experiment(3, "gone", deleted: true), "aaaa0004", "third");
        mlruns.Model(
            "eta",
            (1, "Production", "file:///home/ann/mlruns/871234567890123456/aaaa0001/artifacts/model", "aaaa0001"),
            (3, "None", "s3://bucket/model", "aaaa0003"));
        mlruns.Alias("eta", "champion", 1);
        var before = Snapshot(folder.Path);

        var first = await ImportAsync("whole", mlruns.Root, "--report", folder.File("report.json"));
        var second = await ImportAsync("whole", mlruns.Root, "--json");

        Assert.True(first.ExitCode == 0, first.Out + first.Error);
        Assert.Equal(0, second.ExitCode);
        Assert.All(second.Json.GetProperty("kinds").EnumerateArray(), kind => Assert.Equal(0, kind.GetProperty("carried").GetInt64()));
        Assert.Equal(4, Kind(second.Json, "runs").GetProperty("unchanged").GetInt64());
        using var client = new BatonClient(Baton.Address, project: "whole");
        var there = await client.GetRunAsync("aaaa0001");
        Assert.Equal(("FINISHED", "first", 1_600_000_001_000, 1_600_000_005_000), (there.Info.Status, there.Info.RunName, there.Info.StartTime, there.Info.EndTime));
        Assert.Equal("871234567890123456", there.Info.ExperimentId);
        Assert.Equal(new KeyValue("optimiser/rate", value), Assert.Single(there.Data!.Params!));
        Assert.Contains(new KeyValue("mlflow.note.content", "two\nlines"), there.Data.Tags!);
        Assert.Equal(("066351ab", "training"), (there.Inputs!.DatasetInputs![0].Dataset.Digest, there.Inputs.DatasetInputs[0].Tags[0].Value));
        var history = await GetAsync("whole", "metrics/get-history?run_id=aaaa0001&metric_key=val%2Floss");
        Assert.Equal(["-1.7976931348623157E+308", "0.5", "0.25", "\"NaN\""], history["metrics"]!.AsArray().Select(m => m!["value"]!.ToJsonString()));
        Assert.Equal(double.NaN, there.Data.Metrics!.Single().Value);
        Assert.Equal("deleted", (await GetAsync("whole", "runs/get?run_id=aaaa0002"))["run"]!["info"]!["lifecycle_stage"]!.GetValue<string>());
        Assert.Equal("deleted", (await GetAsync("whole", "experiments/get?experiment_id=3"))["experiment"]!["lifecycle_stage"]!.GetValue<string>());
        Assert.Equal("s3://bucket/aaaa0003", (await client.GetRunAsync("aaaa0003")).Info.ArtifactUri);
        Assert.Equal(["model/MLmodel", "model/data/a b.txt"], await client.ListAllArtifactsAsync(there.Info.ArtifactUri));
        var version = await client.GetModelVersionAsync("eta", "1");
        Assert.Equal(("Production", "aaaa0001", "the 1"), (version.CurrentStage, version.RunId, version.Description));
        var sealedRoot = await client.GetDownloadUriAsync("eta", "1");
        Assert.Contains("sealed", sealedRoot, StringComparison.Ordinal);
        await client.DownloadArtifactAsync(sealedRoot, "data/a b.txt", folder.File("got"));
        Assert.Equal("payload", await File.ReadAllTextAsync(folder.File("got")));
        Assert.Equal("1", (await GetAsync("whole", "registered-models/alias?name=eta&alias=champion"))["model_version"]!["version"]!.GetValue<string>());
        Assert.Equal("s3://bucket/model", await client.GetDownloadUriAsync("eta", "3"));
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(folder.File("report.json")));
        Assert.True(report.RootElement.GetProperty("lossless").GetBoolean());
        Assert.Equal(2, Kind(report.RootElement, "files").GetProperty("by_reference").GetInt64());
        File.Delete(folder.File("report.json"));
        File.Delete(folder.File("got"));
        Assert.Equal(before, Snapshot(folder.Path));
    }

    [Fact]
    public async Task A_database_comes_over_with_what_is_only_in_its_log()
    {
        using var folder = new TempDirectory();
        await using var open = MlflowDatabase.Make(folder.Path);
        MlflowDatabase.Run(open, "INSERT INTO trace_info VALUES ('t1', 1)");

        var traced = await ImportAsync("database", folder.Path, "--json");
        MlflowDatabase.Run(open, "DELETE FROM trace_info");
        var again = await ImportAsync("database", folder.Path);
        MlflowDatabase.Run(open, "INSERT INTO metrics VALUES ('loss', 0.125, 1600000001009, 'aaaa0001', 9, 0)");
        var more = await ImportAsync("database", folder.Path, "--json");

        Assert.Equal(1, traced.ExitCode);
        Assert.Equal(1, Kind(traced.Json, "traces").GetProperty("skipped").GetInt64());
        Assert.Equal((0, true), (again.ExitCode, again.Out.Contains("Nothing new.", StringComparison.Ordinal)));
        Assert.Equal((0, 5), (more.ExitCode, Kind(more.Json, "metric points").GetProperty("carried").GetInt64()));
        using var client = new BatonClient(Baton.Address, project: "database");
        var run = await client.GetRunAsync("aaaa0001");
        Assert.Equal(("1", "FINISHED", "first"), (run.Info.ExperimentId, run.Info.Status, run.Info.RunName));
        Assert.Equal(0.125, run.Data!.Metrics!.Single(m => m.Key == "loss").Value);
        Assert.Equal("training", run.Inputs!.DatasetInputs![0].Tags[0].Value);
        var history = await GetAsync("database", "metrics/get-history?run_id=aaaa0001&metric_key=loss");
        Assert.Equal(["0.5", "0.25", "\"NaN\"", "0.125"], history["metrics"]!.AsArray().Select(m => m!["value"]!.ToJsonString()));
        Assert.Equal("deleted", (await GetAsync("database", "runs/get?run_id=aaaa0002"))["run"]!["info"]!["lifecycle_stage"]!.GetValue<string>());
        Assert.Equal(["plots/loss.txt"], await client.ListAllArtifactsAsync(run.Info.ArtifactUri));
        var model = (await GetAsync("database", "logged-models/m-0001"))["model"]!;
        Assert.Equal("LOGGED_MODEL_READY", model["info"]!["status"]!.GetValue<string>());
        var version = await client.GetModelVersionAsync("eta", "2");
        Assert.Equal(("Production", "models:/m-0001"), (version.CurrentStage, version.Source));
        Assert.Equal(["MLmodel"], await client.ListAllArtifactsAsync(await client.GetDownloadUriAsync("eta", "2")));
        Assert.Equal("3", (await client.CreateModelVersionAsync("eta", "s3://bucket/next")).Version);
    }

    [Fact]
    public async Task Killed_in_the_middle_on_either_side_and_run_again_it_ends_as_one_run_would()
    {
        const int runs = 400;
        const int points = 100;
        using var folder = new TempDirectory();
        var mlruns = new MlrunsFolder(folder.File("mlruns"));
        var experiment = mlruns.Experiment(1, "many");
        for (var r = 0; r < runs; r++)
        {
            var run = mlruns.Run(experiment, $"bbbb{r:0000}", $"run {r}");
            MlrunsFolder.Points(run, "loss", Enumerable.Range(0, points).Select(i => MlrunsFolder.Point(i, r + (i / 1000.0))));
            MlrunsFolder.Artifact(run, "out.txt", $"file of {r}");
        }

        mlruns.Model("many", [.. Enumerable.Range(1, 5).Select(v => (v, "None", $"runs:/bbbb000{v}/", $"bbbb000{v}"))]);
        using var client = new BatonClient(Baton.Address, project: "killed");
        using (var importer = Start("killed", mlruns.Root))
        {
            await Wait.UntilAsync(async () => await IsThereAsync(client, "bbbb0000"), Soon);
            importer.Kill();
            await importer.WaitForExitAsync();
            Assert.NotEqual(0, importer.ExitCode);
        }

        using (var importer = Start("killed", mlruns.Root))
        {
            await Wait.UntilAsync(async () => importer.HasExited || await IsThereAsync(client, "bbbb0250"), Soon);
            ProcessTree.Signal(Baton.Children()["server"], "KILL");
            await importer.WaitForExitAsync();
            await Wait.UntilAsync(() => Baton.Client.IsHealthyAsync(), Soon);
        }

        var last = await ImportAsync("killed", mlruns.Root, "--json");

        Assert.True(last.ExitCode == 0, last.Out + last.Error);
        Assert.Equal(runs, Kind(last.Json, "runs").GetProperty("found").GetInt64());
        foreach (var r in Enumerable.Range(0, runs).Where(r => r % 37 == 0 || r == runs - 1))
        {
            var history = await GetAsync("killed", $"metrics/get-history?run_id=bbbb{r:0000}&metric_key=loss&max_results=1000");
            Assert.Equal(points, history["metrics"]!.AsArray().Count);
            Assert.Equal(r + 0.099, (await client.GetRunAsync($"bbbb{r:0000}")).Data!.Metrics!.Single().Value);
            Assert.Equal(["out.txt"], await client.ListAllArtifactsAsync((await client.GetRunAsync($"bbbb{r:0000}")).Info.ArtifactUri));
        }

        var model = (await GetAsync("killed", "model-versions/search"))["model_versions"]!.AsArray();
        Assert.Equal(["1", "2", "3", "4", "5"], model.Select(v => v!["version"]!.GetValue<string>()).Order());
        var nothing = await ImportAsync("killed", mlruns.Root);
        Assert.Contains("Nothing new.", nothing.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_is_followed_while_it_is_written()
    {
        using var folder = new TempDirectory();
        var mlruns = new MlrunsFolder(folder.File("mlruns"));
        var experiment = mlruns.Experiment(1, "live");
        using var client = new BatonClient(Baton.Address, project: "watched");
        using var follower = Start("watched", mlruns.Root, "--watch");

        var run = mlruns.Run(experiment, "cccc0001", "live", status: 1);
        MlrunsFolder.Points(run, "loss", MlrunsFolder.Point(1, 0.5));
        await Wait.UntilAsync(async () => await LatestAsync(client) == 0.5, Soon);
        await File.AppendAllTextAsync(Path.Combine(run, "metrics", "loss"), $"{MlrunsFolder.Begin + 2} 0.2");
        MlrunsFolder.Artifact(run, "log.txt", "one\n");
        await Wait.UntilAsync(async () => await FileAsync("log.txt") == "one\n", Soon);
        Assert.Equal(0.5, await LatestAsync(client));
        await File.AppendAllTextAsync(Path.Combine(run, "metrics", "loss"), "5 2\n");
        await File.AppendAllTextAsync(Path.Combine(run, "artifacts", "log.txt"), "two\n");
        await Wait.UntilAsync(async () => await LatestAsync(client) == 0.25 && await FileAsync("log.txt") == "one\ntwo\n", Soon);
        MlrunsFolder.WriteRun(run, "cccc0001", "live", status: 3);
        await Wait.UntilAsync(async () => (await client.GetRunAsync("cccc0001")).Info is { Status: "FINISHED", EndTime: not null }, Soon);
        ProcessTree.Signal(follower.Id, "INT");
        await follower.WaitForExitAsync();

        Assert.Equal(0, follower.ExitCode);
        var history = await GetAsync("watched", "metrics/get-history?run_id=cccc0001&metric_key=loss");
        Assert.Equal(["0.5", "0.25"], history["metrics"]!.AsArray().Select(m => m!["value"]!.ToJsonString()));

        async Task<string?> FileAsync(string path)
        {
            using var http = new HttpClient { BaseAddress = Baton.Address };
            using var answer = await http.GetAsync($"p/watched/api/2.0/mlflow-artifacts/artifacts/1/cccc0001/artifacts/{path}");
            return answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync() : null;
        }

        static async Task<double?> LatestAsync(BatonClient client) =>
            await IsThereAsync(client, "cccc0001") ? (await client.GetRunAsync("cccc0001")).Data?.Metrics?.SingleOrDefault()?.Value : null;
    }

    [Fact]
    public async Task What_cannot_be_carried_is_named_and_the_rest_is_carried()
    {
        using var folder = new TempDirectory();
        var mlruns = new MlrunsFolder(folder.File("mlruns"));
        var experiment = mlruns.Experiment(1, "torn");
        var run = mlruns.Run(experiment, "dddd0001", "good");
        MlrunsFolder.Points(run, "loss", "not a point", MlrunsFolder.Point(1, 0.5));
        MlrunsFolder.Param(run, "odd", "a\0b");
        MlrunsFolder.Write(Path.Combine(experiment, "dddd0002", "meta.yaml"), "run_id: [unclosed");
        mlruns.Model("lost", (1, "None", "file:///nowhere/model", "dddd0001"));
        File.CreateSymbolicLink(Path.Combine(run, "artifacts", "link"), "/etc/hostname");

        var done = await ImportAsync("torn", mlruns.Root, "--json");

        Assert.Equal(1, done.ExitCode);
        var remarks = done.Json.GetProperty("remarks").EnumerateArray().Select(r => $"{r.GetProperty("kind")}: {r.GetProperty("reason")}").ToList();
        Assert.Contains(remarks, r => r.StartsWith("metric points: the line 1 is no point", StringComparison.Ordinal));
        Assert.Contains(remarks, r => r.StartsWith("params: its value holds a NUL", StringComparison.Ordinal));
        Assert.Contains(remarks, r => r.StartsWith("runs: ", StringComparison.Ordinal) && r.Contains("meta.yaml", StringComparison.Ordinal));
        Assert.Contains(remarks, r => r.StartsWith("files: its files are not at file:///nowhere/model", StringComparison.Ordinal));
        Assert.Contains(remarks, r => r.StartsWith("files: it is a symbolic link", StringComparison.Ordinal));
        foreach (var kind in done.Json.GetProperty("kinds").EnumerateArray())
            Assert.Equal(
                kind.GetProperty("found").GetInt64(),
                new[] { "carried", "unchanged", "by_reference", "skipped" }.Sum(column => kind.GetProperty(column).GetInt64()));
        using var client = new BatonClient(Baton.Address, project: "torn");
        Assert.Equal(0.5, (await client.GetRunAsync("dddd0001")).Data!.Metrics!.Single().Value);
        Assert.Equal("1", (await client.GetModelVersionAsync("lost", "1")).Version);
    }

    [Fact]
    public async Task A_dry_run_tells_and_sends_nothing_and_a_folder_of_anything_else_is_refused()
    {
        using var folder = new TempDirectory();
        Assert.Equal(2, (await ImportAsync("dry", folder.Path)).ExitCode);
        var mlruns = new MlrunsFolder(folder.File("mlruns"));
        mlruns.Run(mlruns.Experiment(1, "dry"), "eeee0001", "r");

        var dry = await BatonCommand.RunAsync("import", "mlflow", folder.Path, "--dry-run", "--json", "--server", "http://127.0.0.1:1");

        Assert.Equal((0, 1), (dry.ExitCode, Kind(dry.Json, "runs").GetProperty("carried").GetInt64()));
        Assert.Equal(2, (await ImportAsync("dry", folder.Path, "--experiment", "nobody")).ExitCode);
        Assert.Equal(4, (await BatonCommand.RunAsync("import", "mlflow", folder.Path, "--server", "http://127.0.0.1:1")).ExitCode);
    }

    private Task<BatonCommand> ImportAsync(string project, string path, params string[] more) =>
        BatonCommand.RunAsync(["import", "mlflow", path, "--server", $"{Baton.Address}", "--project", project, .. more]);

    private Process Start(string project, string path, params string[] more)
    {
        var start = new ProcessStartInfo("env", ["--default-signal=INT", BatonBinary.Path, "import", "mlflow", path, "--server", $"{Baton.Address}", "--project", project, .. more])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private async Task<JsonNode> GetAsync(string project, string route)
    {
        using var http = new HttpClient { BaseAddress = Baton.Address };
        return JsonNode.Parse(await http.GetStringAsync($"p/{project}/api/2.0/mlflow/{route}"))!;
    }

    private static async Task<bool> IsThereAsync(BatonClient client, string run)
    {
        try
        {
            await client.GetRunAsync(run);
            return true;
        }
        catch (BatonApiException)
        {
            return false;
        }
    }

    private static JsonElement Kind(JsonElement report, string kind) =>
        report.GetProperty("kinds").EnumerateArray().Single(k => k.GetProperty("kind").GetString() == kind);

    private static List<string> Snapshot(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order().Select(f => $"{f} {new FileInfo(f).Length} {File.GetLastWriteTimeUtc(f).Ticks}")];

    /// <summary>One Baton for all journeys of the class; each has a project of its own.</summary>
    public sealed class Server : IAsyncLifetime
    {
        internal RunningBaton Baton { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Baton = await RunningBaton.StartAsync();

        public ValueTask DisposeAsync() => Baton.DisposeAsync();
    }
}
