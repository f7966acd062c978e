using System.Net;
using System.Text.Json;
using Baton.Client;
using Baton.Contracts;
using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Predictions;
using Baton.Storage.Tables;
using Baton.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Baton.ServerTests;

public sealed class PredictionTests
{
    private const string Endpoint = "flight-delay";

    [Theory, EachDatabase]
    public async Task A_file_is_taken_once_and_another_content_under_its_id_is_refused(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var bytes = await PredictionLog.ParquetOf(PredictionLog.Rows(Endpoint, 0, 50));

        var (status, body) = await server.PutAsync(Endpoint, "f1", bytes);
        Assert.Equal((HttpStatusCode.OK, 50, Digests.Sha256(bytes)), (status, body["rows"]!.GetValue<int>(), body["digest"]!.GetValue<string>()));
        Assert.Equal(HttpStatusCode.OK, (await server.PutAsync(Endpoint, "f1", bytes)).Status);
        Assert.Equal(50, (await server.QueryAsync(Endpoint)).Count);

        var (refused, problem) = await server.PutAsync(Endpoint, "f1", await PredictionLog.ParquetOf(PredictionLog.Rows(Endpoint, 0, 51)));
        Assert.Equal((HttpStatusCode.Conflict, "conflict"), (refused, problem["code"]!.GetValue<string>()));
        Assert.Equal(50, (await server.QueryAsync(Endpoint)).Count);
    }

    [Theory, EachDatabase]
    public async Task A_file_that_is_not_what_it_should_be_is_refused_with_the_row_and_the_column(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var rows = PredictionLog.Rows(Endpoint, 0, 10);
        long[] Times(long odd) => [.. rows["event_time"].Values.Cast<long>().Select((t, i) => i == 4 ? odd : t)];
        var whole = await PredictionLog.ParquetOf(rows);
        (byte[] Bytes, string Says)[] bad =
        [
            ([], "empty"),
            ("not a table"u8.ToArray(), "PAR1"),
            (whole[..^20], "cut short"),
            (await PredictionLog.ParquetOf(new Table([.. rows.Columns.Where(c => c.Name != "score")])), "no column score"),
            (await PredictionLog.ParquetOf(rows.With(new Column("latency_us", new double[10]))), "latency_us is DOUBLE; expected is BIGINT"),
            (await PredictionLog.ParquetOf(PredictionLog.Rows("other", 0, 10)), "row 1: column endpoint is not 'flight-delay'"),
            (await PredictionLog.ParquetOf(rows.With(new Column("event_time", Times(PredictionLog.DayStart - 1)))), "row 5: column event_time does not lie in 2001-02-15"),
            (await PredictionLog.ParquetOf(rows.With(new Column("inputs", Enumerable.Repeat("[1]", 10).ToArray()))), "inputs is no JSON object"),
            (await PredictionLog.ParquetOf(rows.With(new Column("outputs", Enumerable.Repeat("{", 10).ToArray()))), "outputs is no JSON object"),
            (await PredictionLog.ParquetOf(rows.With(new Column("version", rows["version"].Values, [.. Enumerable.Range(0, 10).Select(i => i == 2)]))), "row 3: one of the columns arm, version"),
            (await PredictionLog.ParquetOf(PredictionLog.Rows(Endpoint, 0, 0)), "no rows"),
        ];
        foreach (var (bytes, says) in bad)
        {
            var (status, body) = await server.PutAsync(Endpoint, "bad", bytes);
            Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (status, body["code"]!.GetValue<string>()));
            Assert.Contains(says, body["detail"]!.GetValue<string>(), StringComparison.Ordinal);
            Assert.DoesNotContain(server.BlobDirectory, body.ToJsonString(), StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await server.PutAsync(Endpoint, "bad", whole, day: "15.2.2001")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.GetTextAsync($"api/v1/endpoints/{Endpoint}/predictions")).Status);
    }

    [Theory, EachDatabase]
    public async Task Predictions_are_read_by_time_version_and_limit_in_every_format(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.PutRowsAsync(Endpoint, 60, 60);
        await server.PutRowsAsync(Endpoint, 0, 60);
        await server.Client.RecordLabelsAsync(Endpoint, [new(PredictionLog.Id(3), 1), new(PredictionLog.Id(4), "late", DateTimeOffset.Parse("2001-02-16T00:00:00Z"))]);

        var all = await server.QueryAsync(Endpoint);
        Assert.Equal(Enumerable.Range(0, 120).Select(PredictionLog.Id), all.Select(p => p!["prediction_id"]!.GetValue<string>()));
        var fourth = all[3]!;
        Assert.Equal("2001-02-15T00:00:03.000000Z", fourth["event_time"]!.GetValue<string>());
        Assert.Equal(("A3", 3, 0.003, 120), (fourth["inputs"]!["carrier"]!.GetValue<string>(), fourth["inputs"]!["distance"]!.GetValue<int>(), fourth["score"]!.GetValue<double>(), fourth["latency_us"]!.GetValue<int>()));
        Assert.Equal(1, fourth["label"]!.GetValue<int>());
        Assert.Equal(("late", "2001-02-16T00:00:00.000000Z"), (all[4]!["label"]!.GetValue<string>(), all[4]!["label_known_at"]!.GetValue<string>()));
        Assert.Null(all[9]!["score"]);
        Assert.Null(all[9]!["label"]);

        Assert.Equal(40, (await server.QueryAsync(Endpoint, "&version=2")).Count);
        Assert.Equal(
            [PredictionLog.Id(10), PredictionLog.Id(11)],
            (await server.QueryAsync(Endpoint, "&from=2001-02-15T00:00:10Z&to=2001-02-15T00:00:12Z")).Select(p => p!["prediction_id"]!.GetValue<string>()));
        Assert.Empty(await server.QueryAsync(Endpoint, "&from=2001-02-16"));
        Assert.Equal(7, (await server.Client.ListPredictionsAsync(Endpoint, new PredictionRange { Limit = 7 })).Count);

        using var folder = new TempDirectory();
        await server.Client.DownloadPredictionsAsync(Endpoint, new PredictionRange { Limit = 500 }, "parquet", folder.File("p.parquet"));
        var table = await ParquetFile.ReadAsync(folder.File("p.parquet"));
        Assert.Equal(120, table.Rows);
        Assert.Equal(("1", PredictionLog.Id(3)), (((string[])table["label"].Values)[3], ((string[])table["prediction_id"].Values)[3]));
        await server.Client.DownloadPredictionsAsync(Endpoint, null, "csv", folder.File("p.csv"));
        var lines = await File.ReadAllLinesAsync(folder.File("p.csv"));
        Assert.Equal(121, lines.Length);
        Assert.StartsWith("prediction_id,endpoint,arm,version,manifest_digest,event_time", lines[0], StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(server.BlobDirectory, "temp")));
    }

    [Theory, EachDatabase]
    public async Task A_prediction_that_came_twice_is_told_once_as_it_was_logged_first(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.PutRowsAsync(Endpoint, 0, 10);
        var rows = PredictionLog.Rows(Endpoint, 0, 20);
        await server.PutAsync(Endpoint, "again", await PredictionLog.ParquetOf(rows
            .With(new Column("logged_at", rows["logged_at"].Values.Cast<long>().Select(t => t + 1000).ToArray()))
            .With(new Column("latency_us", Enumerable.Repeat(9L, 20).ToArray()))));
        var all = await server.QueryAsync(Endpoint);
        Assert.Equal(20, all.Count);
        Assert.Equal(10, all.Count(p => p!["latency_us"]!.GetValue<long>() == 9));
    }

    [Theory, EachDatabase]
    public async Task Merging_small_files_keeps_the_rows_and_remembers_the_files(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        for (var file = 0; file < 9; file++)
            await server.PutRowsAsync(Endpoint, file * 20, 25);
        var before = await server.QueryAsync(Endpoint);
        Assert.Equal(185, before.Count);
        var merge = server.Running.Services.GetRequiredService<MergeFiles>();
        Assert.Equal(0, await merge.HandleAsync(9, default));
        Assert.Equal(9, await merge.HandleAsync(8, default));
        Assert.Equal(before.ToJsonString(), (await server.QueryAsync(Endpoint)).ToJsonString());
        Assert.Equal(0, await merge.HandleAsync(8, default));
        // The node did not hear the answer and sends a file again.
        await server.PutRowsAsync(Endpoint, 0, 25);
        Assert.Equal(before.ToJsonString(), (await server.QueryAsync(Endpoint)).ToJsonString());
        Assert.Equal(PredictionLog.Id(140), (await server.Client.GetPredictionAsync(Endpoint, PredictionLog.Id(140))).PredictionId);
    }

    [Theory, EachDatabase]
    public async Task One_prediction_is_found_by_its_id_with_every_revision_of_its_label(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.PutRowsAsync(Endpoint, 0, 10);
        await server.Client.RecordLabelsAsync(Endpoint, [new(PredictionLog.Id(5), 0), new(PredictionLog.Id(6), 1)]);
        await server.Running.Services.GetRequiredService<SealLabels>().HandleAsync(0, TimeSpan.Zero, default);
        await server.Client.RecordLabelsAsync(Endpoint, [new(PredictionLog.Id(5), 1, Revision: 1)]);

        var found = await server.Client.GetPredictionAsync(Endpoint, PredictionLog.Id(5));
        Assert.Equal(("2", "champion", 120L, 0.005), (found.Version, found.Arm, found.LatencyUs, found.Score));
        Assert.Equal("A0", found.Inputs["carrier"].GetString());
        Assert.Equal(1, found.Label!.Value.GetInt32());
        Assert.Equal([(1L, 1), (0L, 0)], found.Labels!.Select(l => (l.Revision, l.Value.GetInt32())));
        var missing = await Assert.ThrowsAsync<BatonApiException>(() => server.Client.GetPredictionAsync(Endpoint, "' OR 1=1 --"));
        Assert.Equal("not_found", missing.Code);
    }

    [Theory, EachDatabase]
    public async Task Names_and_ids_from_outside_are_never_read_as_SQL(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.PutRowsAsync(Endpoint, 0, 10);
        const string Evil = "x'); DROP TABLE labels; --";
        Assert.Equal(HttpStatusCode.BadRequest, (await server.GetTextAsync($"api/v1/endpoints/{Uri.EscapeDataString(Evil)}/predictions")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await server.PutAsync(Endpoint, Uri.EscapeDataString(Evil), [])).Status);
        Assert.Empty(await server.QueryAsync(Endpoint, $"&version={Uri.EscapeDataString("1' OR '1'='1")}"));
        Assert.Equal(new LabelReceipt(1, 0), await server.Client.RecordLabelsAsync(Endpoint, [new(Evil, "'; DROP TABLE labels; --")]));
        Assert.Equal(new LabelReceipt(0, 1), await server.Client.RecordLabelsAsync(Endpoint, [new(Evil, "'; DROP TABLE labels; --")]));
        Assert.Equal(10, (await server.QueryAsync(Endpoint)).Count);
    }

    [Theory, EachDatabase]
    public async Task Columns_for_figures_join_the_last_revision_of_each_label_by_event_time(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.PutRowsAsync(Endpoint, 0, 20);
        var known = DateTimeOffset.Parse("2001-03-01T00:00:00Z");
        await server.Client.RecordLabelsAsync(Endpoint, [new(PredictionLog.Id(2), 0, known), new(PredictionLog.Id(2), 1, known.AddDays(1), 1), new("beyond", 1, known.AddDays(9))]);
        var query = server.Running.Services.GetRequiredService<QueryPredictions>();
        var caller = new Caller(Actor.LocalUser, Caller.DefaultProject);

        var columns = await query.ColumnsAsync(caller, Endpoint, null, PredictionLog.DayStart + 10_000_000, default);
        Assert.Equal(10, columns.Rows);
        Assert.Equal(Enumerable.Range(0, 10).Select(n => PredictionLog.DayStart + (n * 1_000_000L)), columns.EventTimes);
        Assert.Equal((0.002, "2", "1", Micros(known.AddDays(1))), (columns.Scores[2], columns.Versions[2], columns.Labels[2], columns.LabelsKnownAt[2]!.Value));
        Assert.Equal(1, columns.LabelNumbers()[2]);
        Assert.True(double.IsNaN(columns.LabelNumbers()[3]) && double.IsNaN(columns.Scores[9]));
        Assert.Equal(Micros(known.AddDays(9)), columns.NewestLabelAt);
    }

    [Theory, EachDatabase]
    public async Task A_prediction_is_run_again_through_another_version_by_an_agent(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var first = await server.RegisterAsync("m");
        await server.RegisterAsync("m", ("model.onnx", "other bytes"));
        await server.Client.DeployAsync(Endpoint, "m", first.Version);
        await server.PutRowsAsync(Endpoint, 0, 10);

        var asked = server.Client.ReplayPredictionAsync(Endpoint, PredictionLog.Id(4), "2");
        var job = (await server.Agent.ClaimJobAsync("test", ["replay"], TimeSpan.FromSeconds(10)))!;
        var request = job.Payload.Deserialize<ReplayRequest>(Documents.Compact)!;
        Assert.Equal(("m", "2", 4), (request.Model, request.Version, request.Inputs["distance"].GetInt32()));
        Assert.Equal("model.onnx", Assert.Single(request.Package.Files).Path);
        await server.Agent.CompleteJobAsync(job.Id, job.Attempt, new ReplayResult
        {
            Outputs = new Dictionary<string, JsonElement> { ["label"] = JsonSerializer.SerializeToElement(0), ["probabilities"] = JsonSerializer.SerializeToElement(new[] { 0.5, 0.5 }) },
            Score = 0.5,
        });
        var replay = await asked;
        Assert.Equal(("2", 0.5, false, 0.25), (replay.Version, replay.Score, replay.Same, replay.LargestDifference));
        Assert.Equal(("1", 0.004), (replay.Recorded.Version, replay.Recorded.Score));

        var again = server.Client.ReplayPredictionAsync(Endpoint, PredictionLog.Id(4), "1");
        job = (await server.Agent.ClaimJobAsync("test", ["replay"], TimeSpan.FromSeconds(10)))!;
        await server.Agent.CompleteJobAsync(job.Id, job.Attempt, new ReplayResult { Fault = "The model failed: out of luck." });
        var failed = await Assert.ThrowsAsync<BatonApiException>(() => again);
        Assert.Equal("not_ready", failed.Code);
        Assert.Contains("out of luck", failed.Message, StringComparison.Ordinal);
        Assert.Equal("not_found", (await Assert.ThrowsAsync<BatonApiException>(() => server.Client.ReplayPredictionAsync(Endpoint, PredictionLog.Id(4), "77"))).Code);
    }

    private static long Micros(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
