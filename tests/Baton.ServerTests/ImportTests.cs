using System.Net;
using System.Text;
using Baton.Client;
using Baton.Database;
using Baton.Testing;
using Xunit;

namespace Baton.ServerTests;

/// <summary>The routes of an import: what they keep, what sending again does, what they refuse.</summary>
public sealed class ImportTests
{
    private const string Source = "mlflow:/elsewhere/mlruns";
    private static readonly Dictionary<string, string> None = [];

    [Theory, EachDatabase]
    public async Task An_experiment_keeps_id_and_times_and_is_known_by_its_name(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var given = new ImportedExperiment(7, "flights", "deleted", 1_600_000_000_000, 1_600_000_001_000, null, new Dictionary<string, string> { ["team"] = "a" });

        var first = await server.Client.ImportExperimentAsync(Source, "d1", given);
        var again = await server.Client.ImportExperimentAsync(Source, "d1", given);
        var other = await server.Client.ImportExperimentAsync(Source, "d2", given with { Name = "trains" });
        var made = await server.Client.GetOrCreateExperimentAsync("new here");

        Assert.Equal((7, 7), (first.ExperimentId, again.ExperimentId));
        Assert.NotEqual(7, other.ExperimentId);
        Assert.NotEqual(7, long.Parse(made.ExperimentId));
        var (_, body) = await server.MlflowAsync(HttpMethod.Get, "experiments/get?experiment_id=7");
        var read = body["experiment"]!;
        Assert.Equal("deleted", read["lifecycle_stage"]!.GetValue<string>());
        Assert.Equal(1_600_000_000_000, TestServer.Int(read["creation_time"]));
        Assert.Equal("team", read["tags"]![0]!["key"]!.GetValue<string>());
        Assert.Equal($"{other.ExperimentId}", (await server.Client.GetImportedAsync(Source, "experiment", ["7"]))["7"].Target);
    }

    [Theory, EachDatabase]
    public async Task A_run_keeps_all_it_was_and_nothing_is_cut(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var value = new string('x', 7000);
        var run = RunOf("a1b2") with
        {
            Params = new Dictionary<string, string> { ["long"] = value, ["optimiser/rate"] = "0.1" },
            Tags = new Dictionary<string, string> { ["note"] = "two\nlines" },
            Status = "KILLED",
            EndTime = 1_600_000_009_000,
            LifecycleStage = "deleted",
            DeletedTime = 1_600_000_010_000,
            Datasets = [new ImportedDataset("train", "066351ab", "local", "{}", null, null, new Dictionary<string, string> { ["mlflow.data.context"] = "training" })],
            ModelInputs = ["m-in"],
            ModelOutputs = [new ImportedOutput("m-out", 3)],
        };

        for (var time = 0; time < 2; time++)
            Assert.Equal(["mlflow-artifacts:/0/a1b2/artifacts"], await server.Client.ImportRunsAsync(Source, [("d", run)]));

        var (_, body) = await server.MlflowAsync(HttpMethod.Get, "runs/get?run_id=a1b2");
        var (info, data) = (body["run"]!["info"]!, body["run"]!["data"]!);
        Assert.Equal("KILLED deleted", $"{info["status"]} {info["lifecycle_stage"]}");
        Assert.Equal((1_600_000_000_000, 1_600_000_009_000), (TestServer.Int(info["start_time"]), TestServer.Int(info["end_time"])));
        Assert.Equal([value, "0.1"], data["params"]!.AsArray().Select(p => p!["value"]!.GetValue<string>()));
        Assert.Equal("training", body["run"]!["inputs"]!["dataset_inputs"]![0]!["tags"]![0]!["value"]!.GetValue<string>());
        Assert.Equal("m-in", body["run"]!["inputs"]!["model_inputs"]!.AsArray().Single()!["model_id"]!.GetValue<string>());
        Assert.Equal(3, TestServer.Int(body["run"]!["outputs"]!["model_outputs"]!.AsArray().Single()!["step"]));
    }

    [Theory, EachDatabase]
    public async Task Points_in_any_order_and_again_give_the_same_latest_and_extremes(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.Client.ImportRunsAsync(Source, [("d", RunOf("a1b2") with { LifecycleStage = "deleted" })]);
        var newest = new ImportedSeries("a1b2", "loss", [30, 40], [3, 4], [double.NaN, 0.25]);
        var oldest = new ImportedSeries("a1b2", "loss", [10, 20], [1, 2], [double.NegativeInfinity, 5]);

        foreach (var series in new[] { newest, oldest, newest, oldest })
            await server.Client.ImportPointsAsync(Source, [series], [new ImportMark("a1b2", "p", "4")]);

        var run = await server.Client.GetRunAsync("a1b2");
        Assert.Equal((0.25, 4, 40), (run.Data!.Metrics![0].Value, run.Data.Metrics[0].Step, run.Data.Metrics[0].Timestamp));
        var (_, history) = await server.MlflowAsync(HttpMethod.Get, "metrics/get-history?run_id=a1b2&metric_key=loss");
        Assert.Equal(["-1.7976931348623157E+308", "5", "\"NaN\"", "0.25"], history["metrics"]!.AsArray().Select(m => m!["value"]!.ToJsonString()));
        await using var database = await BatonDatabase.OpenAsync(server.DatabaseConnection, TimeProvider.System);
        var extremes = await database.ReadAsync(sql => sql.QueryAsync<Extremes>("SELECT min_value, max_value FROM latest_metrics"));
        Assert.Equal((-double.MaxValue, 5), (extremes.Single().MinValue, extremes.Single().MaxValue));
        Assert.Equal("p", (await server.Client.GetImportedAsync(Source, "points", ["a1b2"]))["a1b2"].Digest);
    }

    [Theory, EachDatabase]
    public async Task A_version_keeps_number_time_stage_and_alias_and_is_sealed_once(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var root = (await server.Client.ImportRunsAsync(Source, [("d", RunOf("a1b2"))]))[0];
        await server.Client.PutArtifactAsync(root, "model/model.onnx", new MemoryStream(Encoding.UTF8.GetBytes("bytes")));
        var model = new ImportedModel("delay", "d", 1_600_000_000_000, 1_600_000_001_000, 5, None);
        Assert.True(await server.Client.ImportModelAsync(Source, "m", model));
        Assert.False(await server.Client.ImportModelAsync(Source, "m", model));
        var third = VersionOf("delay", 3) with { Location = "runs:/a1b2/model", Package = root + "/model", RunId = "a1b2", Stage = "Production", Aliases = ["champion"] };

        var adopted = await server.Client.ImportVersionAsync(Source, "v", third);
        var again = await server.Client.ImportVersionAsync(Source, "v", third);
        await server.Client.ImportVersionAsync(Source, "w", VersionOf("delay", 4) with { Location = "s3://bucket/x", Aliases = ["champion"] });

        Assert.Equal(3, adopted.Version);
        Assert.NotNull(adopted.Package);
        Assert.Equal((adopted.Version, adopted.Package), (again.Version, again.Package));
        var version = await server.Client.GetModelVersionAsync("delay", "3");
        Assert.Equal(("Production", "runs:/a1b2/model"), (version.CurrentStage, version.Source));
        Assert.StartsWith("mlflow-artifacts:/sealed/", await server.Client.GetDownloadUriAsync("delay", "3"), StringComparison.Ordinal);
        Assert.Equal("s3://bucket/x", await server.Client.GetDownloadUriAsync("delay", "4"));
        var (_, alias) = await server.MlflowAsync(HttpMethod.Get, "registered-models/alias?name=delay&alias=champion");
        Assert.Equal("4", alias["model_version"]!["version"]!.GetValue<string>());
        Assert.Equal("6", (await server.Client.CreateModelVersionAsync("delay", "s3://bucket/y")).Version);
        Assert.Equal(2, (await server.Client.ReadLedgerAsync("models/delay")).Entries.Count(e => e.Action == "version.registered" && $"{e.Detail}".Contains(Source, StringComparison.Ordinal)));
    }

    [Theory, EachDatabase]
    public async Task What_is_here_already_stays_number_alias_and_guarded_stage(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.RegisterAsync("delay");
        await server.PutInForceAsync("delay", TestServer.ContractOf("delay"));
        await server.MlflowAsync(HttpMethod.Post, "registered-models/alias", new { name = "delay", alias = "champion", version = "1" });
        Assert.False(await server.Client.ImportModelAsync(Source, "m", new ImportedModel("delay", null, 1, 1, 1, None)));

        var adopted = await server.Client.ImportVersionAsync(
            Source, "v", VersionOf("delay", 1) with { Location = "s3://bucket/x", Stage = "Production", Aliases = ["champion", "old"] });

        Assert.Equal((2, false), (adopted.Version, adopted.StageKept));
        Assert.Equal(["champion"], adopted.AliasesStanding);
        Assert.Equal("None", (await server.Client.GetModelVersionAsync("delay", "2")).CurrentStage);
        Assert.Equal(2, (await server.Client.ImportVersionAsync(Source, "v", VersionOf("delay", 1) with { Location = "s3://bucket/x" })).Version);
        var (_, alias) = await server.MlflowAsync(HttpMethod.Get, "registered-models/alias?name=delay&alias=champion");
        Assert.Equal("1", alias["model_version"]!["version"]!.GetValue<string>());
    }

    [Theory, EachDatabase]
    public async Task A_logged_model_keeps_its_id_and_every_point(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var model = new ImportedLoggedModel
        {
            ModelId = "m-77",
            ExperimentId = 0,
            Name = "net",
            Status = 2,
            CreationTime = 1_600_000_000_000,
            LastUpdateTime = 1_600_000_001_000,
            Params = new Dictionary<string, string> { ["depth"] = "3" },
            Metrics = [new ImportedModelPoint("auc", double.NaN, 5, 1, "a1b2", "d", "g"), new ImportedModelPoint("auc", 0.7, 6, 2, "a1b2", null, null)],
        };

        for (var time = 0; time < 2; time++)
            Assert.Equal(["mlflow-artifacts:/0/models/m-77/artifacts"], await server.Client.ImportLoggedModelsAsync(Source, [("d", model)]));

        var (_, body) = await server.MlflowAsync(HttpMethod.Get, "logged-models/m-77");
        Assert.Equal("LOGGED_MODEL_READY", body["model"]!["info"]!["status"]!.GetValue<string>());
        Assert.Equal(1_600_000_000_000, TestServer.Int(body["model"]!["info"]!["creation_timestamp_ms"]));
        Assert.Equal(2, body["model"]!["data"]!["metrics"]!.AsArray().Count);
    }

    [Theory, EachDatabase]
    public async Task What_does_not_fit_is_refused_whole_and_says_why(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.Client.ImportRunsAsync(Source, [("d", RunOf("known"))]);

        async Task RefusedAsync(string says, Func<Task> call)
        {
            var refused = await Assert.ThrowsAsync<BatonApiException>(call);
            Assert.InRange((int)refused.Status, 400, 409);
            Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        }

        await RefusedAsync("status", () => server.Client.ImportRunsAsync(Source, [("d", RunOf("r1")), ("d", RunOf("r2") with { Status = "ASLEEP" })]));
        await RefusedAsync("run_id", () => server.Client.ImportRunsAsync(Source, [("d", RunOf("../x"))]));
        await RefusedAsync("is there already", async () =>
        {
            await server.Client.ImportExperimentAsync(Source, "d", new ImportedExperiment(9, "nine", "active", null, null, null, None));
            await server.Client.ImportRunsAsync(Source, [("d", RunOf("known") with { ExperimentId = 9 })]);
        });
        await RefusedAsync("No Experiment", () => server.Client.ImportRunsAsync(Source, [("d", RunOf("r3") with { ExperimentId = 99 })]));
        await RefusedAsync("NUL", () => server.Client.ImportRunsAsync(Source, [("d", RunOf("r4") with { Name = "a\0b" })]));
        await RefusedAsync("NUL", () => server.Client.ImportRunsAsync(Source, [("d", RunOf("r4") with { Tags = new Dictionary<string, string> { ["a\0b"] = "" } })]));
        await RefusedAsync("differ in length", () => server.Client.ImportPointsAsync(Source, [new ImportedSeries("known", "k", [1], [1, 2], [1])], []));
        await RefusedAsync("timestamp", () => server.Client.ImportPointsAsync(Source, [new ImportedSeries("known", "k", [-1], [1], [1])], []));
        await RefusedAsync("not found", () => server.Client.ImportPointsAsync(Source, [new ImportedSeries("nobody", "k", [1], [1], [1])], []));
        await RefusedAsync("longer than 250", () => server.Client.ImportPointsAsync(Source, [new ImportedSeries("known", new string('k', 251), [1], [1], [1])], []));
        await RefusedAsync("nothing that is imported", () => server.Client.GetImportedAsync(Source, "cat", ["1"]));
        await RefusedAsync("'source'", () => server.Client.GetImportedAsync("", "run", ["1"]));
        await RefusedAsync("not found", () => server.Client.ImportVersionAsync(Source, "d", VersionOf("nobody", 1)));
        Assert.Empty(await server.Client.GetImportedAsync(Source, "run", ["r1", "r2", "r3", "r4"]));
        foreach (var body in new[] { "", "null", "[]", "{", "{}", """{"source":"s","runs":null}""", """{"source":"s","runs":[{"digest":"d"}]}""", """{"source":"s","runs":[null]}""" })
        {
            using var answer = await server.Http.PostAsync("api/v1/import/runs", new StringContent(body, Encoding.UTF8, "application/json"));
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
    }

    private static ImportedRun RunOf(string id) => new() { RunId = id, ExperimentId = 0, Name = "r", StartTime = 1_600_000_000_000 };

    private static ImportedVersion VersionOf(string model, long number) =>
        new() { Name = model, Version = number, CreationTime = 1_600_000_000_000, LastUpdateTime = 1_600_000_001_000 };

    private sealed record Extremes
    {
        public double? MinValue { get; init; }

        public double? MaxValue { get; init; }
    }
}
