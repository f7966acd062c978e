using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Baton.Client;
using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Ledger;
using Baton.Server.Predictions;
using Baton.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Baton.ServerTests;

public sealed class LabelTests
{
    private const string Endpoint = "flight-delay";

    [Theory, EachDatabase]
    public async Task Labels_come_before_or_after_their_prediction_and_the_last_revision_counts(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.PutRowsAsync(Endpoint, 0, 5);
        Assert.Equal(new LabelReceipt(2, 0), await server.Client.RecordLabelsAsync(Endpoint, [new(PredictionLog.Id(1), 1), new(PredictionLog.Id(7), 0)]));
        await server.PutRowsAsync(Endpoint, 5, 5);
        Assert.Equal(new LabelReceipt(1, 0), await server.Client.RecordLabelsAsync(Endpoint, [new(PredictionLog.Id(1), 0, Revision: 2)]));
        Assert.Equal(new LabelReceipt(1, 0), await server.Client.RecordLabelsAsync(Endpoint, [new(PredictionLog.Id(1), 1, Revision: 1)]));

        var labelled = (await server.QueryAsync(Endpoint)).Where(p => p!["label"] is not null).ToList();
        Assert.Equal(
            [(PredictionLog.Id(1), 0, 2), (PredictionLog.Id(7), 0, 0)],
            labelled.Select(p => (p!["prediction_id"]!.GetValue<string>(), p["label"]!.GetValue<int>(), p["label_revision"]!.GetValue<int>())));
    }

    [Theory, EachDatabase]
    public async Task The_same_label_again_changes_nothing_and_another_value_is_refused_whole(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.PutRowsAsync(Endpoint, 0, 5);
        await server.Client.RecordLabelsAsync(Endpoint, [new(PredictionLog.Id(1), 1)]);
        Assert.Equal(new LabelReceipt(1, 2), await server.Client.RecordLabelsAsync(Endpoint, [new(PredictionLog.Id(1), 1.0), new(PredictionLog.Id(2), 0), new(PredictionLog.Id(2), 0)]));
        foreach (var isSealed in new[] { false, true })
        {
            if (isSealed)
                Assert.Equal(2, await SealAsync(server));
            Assert.Equal(new LabelReceipt(0, 2), await server.Client.RecordLabelsAsync(Endpoint, [new(PredictionLog.Id(1), 1), new(PredictionLog.Id(2), 0)]));
            var refused = await Assert.ThrowsAsync<BatonApiException>(
                () => server.Client.RecordLabelsAsync(Endpoint, [new(PredictionLog.Id(3), 1), new(PredictionLog.Id(1), 0)]));
            Assert.Equal((HttpStatusCode.Conflict, "conflict"), (refused.Status, refused.Code));
            Assert.Contains(PredictionLog.Id(1), refused.Message, StringComparison.Ordinal);
            Assert.Null((await server.QueryAsync(Endpoint))[3]!["label"]);
        }

        var within = await Assert.ThrowsAsync<BatonApiException>(() => server.Client.RecordLabelsAsync(Endpoint, [new("a", 1), new("a", 0)]));
        Assert.Equal("conflict", within.Code);
    }

    [Theory, EachDatabase]
    public async Task Sealed_and_waiting_labels_give_one_answer_each(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.PutRowsAsync(Endpoint, 0, 100);
        for (var round = 0; round < 10; round++)
        {
            var day = DateTimeOffset.Parse("2001-02-20T12:00:00Z", CultureInfo.InvariantCulture).AddDays(round % 2);
            await server.Client.RecordLabelsAsync(Endpoint, [.. Enumerable.Range(round * 10, 10).Select(n => new LabelRecord(PredictionLog.Id(n), n % 2, day))]);
            if (round < 9)
                Assert.Equal(10, await SealAsync(server));
        }

        var merge = server.Running.Services.GetRequiredService<MergeFiles>();
        var before = (await server.QueryAsync(Endpoint)).ToJsonString();
        Assert.Equal(9, await merge.HandleAsync(3, default));
        Assert.Equal(0, await merge.HandleAsync(3, default));
        var rows = await server.QueryAsync(Endpoint);
        Assert.Equal(before, rows.ToJsonString());
        Assert.Equal(100, rows.Count);
        Assert.All(Enumerable.Range(0, 100), n => Assert.Equal(n % 2, rows[n]!["label"]!.GetValue<int>()));
        Assert.Equal(new LabelReceipt(0, 100), await server.Client.RecordLabelsAsync(Endpoint, [.. Enumerable.Range(0, 100).Select(n => new LabelRecord(PredictionLog.Id(n), n % 2))]));
    }

    [Theory, EachDatabase]
    public async Task Sealing_that_was_broken_off_is_taken_up_again_and_shows_no_label_twice(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.PutRowsAsync(Endpoint, 0, 10);
        await server.Client.RecordLabelsAsync(Endpoint, [new(PredictionLog.Id(1), 1), new(PredictionLog.Id(2), 0)]);
        // Broken off after the rows were marked as a batch: what comes meanwhile waits for the next one.
        var (writes, store) = (server.Running.Services.GetRequiredService<Writes>(), server.Running.Services.GetRequiredService<PredictionsStore>());
        await writes.RunAsync(new Caller(Actor.Baton, Caller.DefaultProject), change => store.BeginBatchAsync(change, Endpoint, "broken"), default);
        await server.Client.RecordLabelsAsync(Endpoint, [new(PredictionLog.Id(3), 1)]);
        Assert.Equal(3, (await server.QueryAsync(Endpoint)).Count(p => p!["label"] is not null));
        Assert.Equal(2, await server.Running.Services.GetRequiredService<SealLabels>().HandleAsync(100, TimeSpan.FromHours(1), default));
        Assert.Equal(3, (await server.QueryAsync(Endpoint)).Count(p => p!["label"] is not null));
        Assert.Equal(0, await server.Running.Services.GetRequiredService<SealLabels>().HandleAsync(100, TimeSpan.FromHours(1), default));
        Assert.Equal(1, await SealAsync(server));
        Assert.Equal(3, (await server.QueryAsync(Endpoint)).Count(p => p!["label"] is not null));
    }

    [Theory, EachDatabase]
    public async Task Labels_stored_while_others_are_sealed_are_never_lost_and_never_double(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.PutRowsAsync(Endpoint, 0, 400);
        using var done = new CancellationTokenSource();
        var sealing = Task.Run(async () =>
        {
            var count = 0;
            while (!done.IsCancellationRequested)
                count += await SealAsync(server);
            return count;
        });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async part =>
        {
            for (var n = part * 100; n < (part + 1) * 100; n += 20)
            {
                LabelRecord[] labels = [.. Enumerable.Range(n, 20).Select(i => new LabelRecord(PredictionLog.Id(i), i % 2))];
                var first = await server.Client.RecordLabelsAsync(Endpoint, labels);
                Assert.Equal(new LabelReceipt(20, 0), first);
                Assert.Equal(new LabelReceipt(0, 20), await server.Client.RecordLabelsAsync(Endpoint, labels));
            }
        }));
        await done.CancelAsync();
        Assert.Equal(400, await sealing + await SealAsync(server));
        Assert.Equal(400, (await server.QueryAsync(Endpoint)).Count(p => p!["label"] is not null));
    }

    [Theory, EachDatabase]
    public async Task Csv_and_ndjson_are_read_like_json(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.PutRowsAsync(Endpoint, 0, 10);
        var (csv, receipt) = await server.SendLabelsAsync(
            Endpoint, "value,prediction_id,known_at\r\n1.0,flight-00001,2001-02-16T01:00:00Z\r\n\"a, \"\"b\"\"\",flight-00002,\r\n", "text/csv");
        Assert.Equal((HttpStatusCode.OK, 2), (csv, receipt["accepted"]!.GetValue<int>()));
        var (ndjson, second) = await server.SendLabelsAsync(
            Endpoint, "{\"prediction_id\":\"flight-00001\",\"value\":1}\n\n{\"prediction_id\":\"flight-00003\",\"value\":true,\"revision\":4}", "application/x-ndjson");
        Assert.Equal((HttpStatusCode.OK, 1, 1), (ndjson, second["accepted"]!.GetValue<int>(), second["unchanged"]!.GetValue<int>()));
        var rows = await server.QueryAsync(Endpoint);
        Assert.Equal(("1", "\"a, \\\"b\\\"\"", "\"true\""), (Compact(rows[1]), Compact(rows[2]), Compact(rows[3])));

        static string Compact(System.Text.Json.Nodes.JsonNode? row) => row!["label"]!.ToJsonString(Contracts.Documents.Compact);
    }

    [Theory]
    [InlineData("application/json", "{\"labels\":[{\"prediction_id\":\"a\",\"value\":1},{\"prediction_id\":\"b\",\"value\":null}]}", "labels[1].value", null)]
    [InlineData("application/json", "{\"labels\":[{\"prediction_id\":\"a\",\"value\":1,\"known\":\"x\"}]}", "labels[0].known", null)]
    [InlineData("application/json", "{\n\"labels\": [,]}", null, 2)]
    [InlineData("application/x-ndjson", "{\"prediction_id\":\"a\",\"value\":1}\n{\"prediction_id\":\"\",\"value\":1}", "prediction_id", 2)]
    [InlineData("application/x-ndjson", "{\"prediction_id\":\"a\",\"value\":1}\n{oops", null, 2)]
    [InlineData("text/csv", "prediction_id,value\na,1\nb,1,2\n", null, 3)]
    [InlineData("text/csv", "prediction_id,value,known_at\na,1,2001-02-16T00:00:00Z\nb,1,yesterday\n", "known_at", 3)]
    [InlineData("text/csv", "prediction_id,value,revision\n\"a\nb\",1,0\nc,1,first\n", "prediction_id", 2)]
    [InlineData("text/csv", "prediction_id,label\na,1\n", "label", 1)]
    [InlineData("text/csv", "prediction_id,value\na,\"1\n", null, 2)]
    public async Task What_is_wrong_with_labels_is_told_with_line_and_field_and_nothing_is_stored(string contentType, string text, string? field, int? line)
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        await server.PutRowsAsync(Endpoint, 0, 1);
        var (status, problem) = await server.SendLabelsAsync(Endpoint, text, contentType);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        var fault = problem["errors"]!.AsArray()[0]!;
        Assert.Equal((field, line), (fault["path"]?.GetValue<string>(), fault["line"]?.GetValue<int>()));
        Assert.Equal(new LabelReceipt(1, 0), await server.Client.RecordLabelsAsync(Endpoint, [new("a", 1)]));
    }

    [Theory, EachDatabase]
    public async Task An_endpoint_exists_when_it_was_deployed_to_or_predictions_came(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        foreach (var ask in new Func<Task>[]
        {
            () => server.Client.RecordLabelsAsync("nowhere", [new("a", 1)]),
            () => server.Client.ListPredictionsAsync("nowhere"),
            () => server.Client.GetPredictionAsync("nowhere", "a"),
            () => server.Client.ReplayPredictionAsync("nowhere", "a", "1"),
        })
        {
            var refused = await Assert.ThrowsAsync<BatonApiException>(ask);
            Assert.Equal((HttpStatusCode.NotFound, "not_found"), (refused.Status, refused.Code));
        }

        var version = await server.RegisterAsync("m");
        await server.Client.DeployAsync("deployed", "m", version.Version);
        Assert.Equal(new LabelReceipt(1, 0), await server.Client.RecordLabelsAsync("deployed", [new("a", 1)]));
        Assert.Empty(await server.Client.ListPredictionsAsync("deployed"));
    }

    [Theory, EachDatabase]
    public async Task Five_thousand_labels_are_stored_well_under_a_second(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.PutRowsAsync(Endpoint, 0, 1);
        var best = double.MaxValue;
        for (var round = 0; round < 4; round++)
        {
            var csv = new StringBuilder("prediction_id,value,known_at\n");
            for (var n = 0; n < 5000; n++)
                csv.Append(CultureInfo.InvariantCulture, $"flight-{round}-{n},{n % 2},2001-02-16T00:00:00Z\n");
            var started = Stopwatch.GetTimestamp();
            Assert.Equal(new LabelReceipt(5000, 0), await server.Client.RecordLabelsAsync(Endpoint, csv.ToString(), "text/csv"));
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        Assert.True(best < 700, $"The fastest of four requests of 5,000 labels took {best:0} ms.");
        TestContext.Current.TestOutputHelper?.WriteLine($"{engine}: {best:0} ms");
    }

    private static Task<int> SealAsync(TestServer server) => server.Running.Services.GetRequiredService<SealLabels>().HandleAsync(0, TimeSpan.Zero, default);
}
