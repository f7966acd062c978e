using System.Buffers.Binary;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Baton.Database;
using Baton.Testing;
using Xunit;

namespace Baton.ServerTests;

/// <summary>Points beyond MLflow's: decimal steps, texts, columns of Float64, down-sampling that is said.</summary>
public sealed class PointHistoryTests
{
    [Theory, EachDatabase]
    public async Task Decimal_steps_and_texts_come_back_as_they_went_in(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var run = await server.NewRunAsync();
        const string Body = """
            {"points": [
             {"key": "val/loss", "step": 0.5, "time": 1000, "value": 2}, {"key": "val/loss", "step": "-0.000001", "time": 2000.125, "value": "NaN"},
             {"key": "val/loss", "step": 9007199254740993.25, "time": 3000, "value": 1e-300}, {"key": "val/loss", "step": 1e2, "time": 4000, "value": "Infinity"},
             {"key": "log/stderr", "step": 0.25, "time": 1000, "text": "first\nline"}, {"key": "log/stderr", "step": 0.25, "time": 1000, "text": "🙂"},
             {"key": "val/loss", "step": 1, "time": 1, "text": "a key can be a metric and a series of texts"}]}
            """;
        for (var again = 0; again < 2; again++)
            Assert.Equal("""{"points":4,"texts":3}""", (await SendAsync(server, run, Body)).Body.ToJsonString());

        var points = await GetAsync(server, run, "metrics/val%2Floss/points");
        Assert.Equal(
            """[[0.5,1000,2],[-0.000001,2000.125,"NaN"],[9007199254740993.25,3000,1E-300],[100,4000,1.7976931348623157E+308]]""", points["rows"]!.ToJsonString());
        Assert.Equal((false, 4L, 4L), (points["sampled"]!.GetValue<bool>(), TestServer.Int(points["of"]), TestServer.Int(points["points"])));
        var texts = (await GetAsync(server, run, "texts/log/stderr"))["texts"]!.AsArray();
        Assert.Equal(["first\nline", "🙂"], texts.Select(t => t!["text"]!.GetValue<string>()).Order(StringComparer.Ordinal));
        Assert.All(texts, t => Assert.Equal((0.25m, 1000L), (t!["step"]!.GetValue<decimal>(), TestServer.Int(t["time"]))));
        Assert.Equal("""{"texts":[{"key":"log/stderr","points":2},{"key":"val/loss","points":1}]}""", (await GetAsync(server, run, "texts")).ToJsonString());

        // MLflow's steps are whole: decimal ones are rounded down.
        var (_, history) = await server.MlflowAsync(HttpMethod.Get, $"metrics/get-history?run_id={run}&metric_key=val/loss");
        Assert.Equal([0L, -1L, 9007199254740993L, 100L], history["metrics"]!.AsArray().Select(m => TestServer.Int(m!["step"])));
        Assert.Equal(
            """{"metrics":[{"key":"val/loss","value":1E-300,"step":9007199254740993.25,"time":3000,"min":1E-300,"max":1.7976931348623157E+308,"points":4}]}""",
            (await GetAsync(server, run, "metrics")).ToJsonString());
    }

    [Theory, EachDatabase]
    public async Task Columns_hold_what_the_JSON_holds_and_go_on_where_they_ended(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var run = await server.NewRunAsync();
        await SendAsync(server, run, PointsOf(Enumerable.Range(0, 5000)));
        var (columns, mark) = await ColumnsAsync(server, run, "points");
        Assert.Equal((false, 3, 5000.0), (columns.IsSampled, columns.Columns.Length, columns.Of));
        Assert.Equal(Enumerable.Range(0, 5000).Select(i => i / 4.0), columns.Columns[0]);
        Assert.Equal(Enumerable.Range(0, 5000).Select(i => 1_000_000.0 + i), columns.Columns[1]);
        Assert.Equal(Enumerable.Range(0, 5000).Select(ValueOf), columns.Columns[2]);

        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/v1/runs/{run}/metrics/m/points");
        request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Parse(mark));
        using (var same = await server.Http.SendAsync(request))
            Assert.Equal(304, (int)same.StatusCode);

        await SendAsync(server, run, PointsOf(Enumerable.Range(5000, 3)));
        var (added, next) = await ColumnsAsync(server, run, $"points?since={mark.Trim('"')}");
        Assert.Equal([1250.0, 1250.25, 1250.5], added.Columns[0]);
        Assert.Equal(5003, added.Of);
        Assert.NotEqual(mark, next);
        Assert.Empty((await ColumnsAsync(server, run, $"points?since={next.Trim('"')}")).Points.Columns[0]);

        var (range, _) = await ColumnsAsync(server, run, "points?from=0.75&to=1.25");
        Assert.Equal([0.75, 1.0, 1.25], range.Columns[0]);
        Assert.Equal(3, TestServer.Int((await GetAsync(server, run, "metrics/m/points?from=0.75&to=1.25"))["points"]));
    }

    [Theory, EachDatabase]
    public async Task Down_sampling_keeps_every_bucket_s_least_and_greatest_value_and_says_so(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var run = await server.NewRunAsync();
        const int Count = 1000;
        await SendAsync(server, run, PointsOf(Enumerable.Range(0, Count)));
        var (sampled, _) = await ColumnsAsync(server, run, "points?buckets=10");
        Assert.Equal((true, 7, (double)Count), (sampled.IsSampled, sampled.Columns.Length, sampled.Of));
        Assert.Equal((Count - 1) / 4.0 / 10, sampled.Width, 9);
        var expected = Enumerable.Range(0, Count).GroupBy(i => Math.Min(9, (int)(i / 4.0 / sampled.Width))).Select(g => new[]
        {
            g.Min() / 4.0, g.Max() / 4.0, 1_000_000.0 + g.Min(), 1_000_000.0 + g.Max(),
            g.Min(i => double.IsNaN(ValueOf(i)) ? double.MaxValue : ValueOf(i)), g.Max(i => double.IsNaN(ValueOf(i)) ? double.MinValue : ValueOf(i)), g.Count(),
        }).ToList();
        for (var column = 0; column < 7; column++)
            Assert.Equal(expected.Select(e => e[column]), sampled.Columns[column]);
        Assert.Equal(Count, sampled.Columns[6].Sum());

        var json = await GetAsync(server, run, "metrics/m/points?buckets=10&from=100&to=200");
        Assert.Equal(
            (true, 10L, 401L, 10.0),
            (json["sampled"]!.GetValue<bool>(), TestServer.Int(json["points"]), TestServer.Int(json["of"]), json["bucket_width"]!.GetValue<double>()));
        Assert.Equal("""["step","last_step","time","last_time","min","max","points"]""", json["columns"]!.ToJsonString());
        Assert.Equal(401, json["rows"]!.AsArray().Sum(r => TestServer.Int(r![6])));

        // Where there is nothing to leave out, nothing is.
        Assert.False((await GetAsync(server, run, "metrics/m/points?buckets=10&from=0&to=2"))["sampled"]!.GetValue<bool>());
    }

    [Theory, EachDatabase]
    public async Task A_bucket_of_NaN_alone_says_NaN_and_equal_steps_are_one_bucket(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var run = await server.NewRunAsync();
        var points = Enumerable.Range(0, 8).Select(i => $$"""{"key": "m", "step": {{(i < 4 ? 0 : 10)}}, "time": {{i}}, "value": {{(i < 4 ? "\"NaN\"" : $"{i}")}}}""");
        await SendAsync(server, run, $$"""{"points": [{{string.Join(',', points)}}]}""");
        Assert.Equal(
            """[[0,0,0,3,"NaN","NaN",4],[10,10,4,7,4,7,4]]""", (await GetAsync(server, run, "metrics/m/points?buckets=2"))["rows"]!.ToJsonString());
        Assert.Equal("""[[10,10,4,7,4,7,4]]""", (await GetAsync(server, run, "metrics/m/points?buckets=3&from=10"))["rows"]!.ToJsonString());
    }

    [Theory, EachDatabase]
    public async Task Metrics_and_texts_are_listed_page_by_page(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var run = await server.NewRunAsync();
        var points = Enumerable.Range(0, 25).Select(i => $$"""{"key": "k{{i:00}}", "step": {{i}}, "time": {{i}}, "value": "NaN"}, {"key": "t", "step": {{i}}, "time": {{i}}, "text": "{{i}}"}""");
        await SendAsync(server, run, $$"""{"points": [{{string.Join(',', points)}}]}""");
        foreach (var (route, list, name, expected) in new[]
                 {
                     ("metrics", "metrics", "key", Enumerable.Range(0, 25).Select(i => $"k{i:00}")), ("texts/t", "texts", "text", Enumerable.Range(0, 25).Select(i => $"{i}")),
                 })
        {
            var (collected, token) = (new List<string>(), "");
            do
            {
                var page = await GetAsync(server, run, $"{route}?max_results=10&page_token={token}");
                collected.AddRange(page[list]!.AsArray().Select(e => e![name]!.GetValue<string>()));
                token = page["next_page_token"]?.GetValue<string>();
            }
            while (token is not null);
            Assert.Equal(expected, collected);
        }

        Assert.Equal("""{"key":"k00","value":"NaN","step":0,"time":0,"points":1}""", (await GetAsync(server, run, "metrics"))["metrics"]![0]!.ToJsonString());
    }

    [Theory]
    [InlineData("", "no JSON")]
    [InlineData("[]", "has no 'points'")]
    [InlineData("""{"points": [3]}""", "points[0]: it is no object")]
    [InlineData("""{"points": [{"step": 1, "time": 1, "value": 1}]}""", "points[0].key")]
    [InlineData("""{"points": [{"key": "a//b", "time": 1, "value": 1}]}""", "points[0].key")]
    [InlineData("""{"points": [{"key": "k", "value": 1}]}""", "points[0].time")]
    [InlineData("""{"points": [{"key": "k", "time": -1, "value": 1}]}""", "points[0].time")]
    [InlineData("""{"points": [{"key": "k", "time": 1.0001, "value": 1}]}""", "points[0].time")]
    [InlineData("""{"points": [{"key": "k", "time": 1e300, "value": 1}]}""", "points[0].time")]
    [InlineData("""{"points": [{"key": "k", "time": 1, "step": 0.0000001, "value": 1}]}""", "points[0].step")]
    [InlineData("""{"points": [{"key": "k", "time": 1, "step": 1e-40, "value": 1}]}""", "points[0].step")]
    [InlineData("""{"points": [{"key": "k", "time": 1, "step": 9223372036854775808, "value": 1}]}""", "points[0].step")]
    [InlineData("""{"points": [{"key": "k", "time": 1, "step": "0.12345600000000000000000000000001", "value": 1}]}""", "points[0].step")]
    [InlineData("""{"points": [{"key": "k", "time": 1, "step": "NaN", "value": 1}]}""", "points[0].step")]
    [InlineData("""{"points": [{"key": "k", "time": 1, "value": 1}, {"key": "k", "time": 1, "value": "many"}]}""", "points[1].value")]
    [InlineData("""{"points": [{"key": "k", "time": 1}]}""", "either 'value', a number, or 'text'")]
    [InlineData("""{"points": [{"key": "k", "time": 1, "value": 1, "text": "t"}]}""", "either 'value', a number, or 'text'")]
    [InlineData("""{"points": [{"key": "k", "time": 1, "text": 1}]}""", "points[0].text")]
    [InlineData("""{"points": [{"key": "k", "time": 1, "text": "a\u0000b"}]}""", "NUL")]
    [InlineData("""{"points": [{"key": "k", "time": 1, "text": "\ud800"}]}""", "lone surrogate")]
    [InlineData("""{"points": [{"key": "k", "key": "k", "time": 1, "value": 1}]}""", "no JSON")]
    public async Task A_wrong_point_is_told_with_its_place_and_nothing_is_stored(string body, string message)
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var run = await server.NewRunAsync();
        var (status, error) = await SendAsync(server, run, body);
        Assert.Equal((400, "invalid_request"), (status, error["code"]!.GetValue<string>()));
        Assert.Contains(message, error["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty((await GetAsync(server, run, "metrics"))["metrics"]!.AsArray());
    }

    [Fact]
    public async Task A_request_takes_a_hundred_thousand_points_and_no_more()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var run = await server.NewRunAsync();
        Assert.Equal(200, (await SendAsync(server, run, PointsOf(Enumerable.Range(0, 100_000)))).Status);
        Assert.Equal(100_000, TestServer.Int((await GetAsync(server, run, "metrics/m/points?buckets=1"))["of"]));
        var (status, error) = await SendAsync(server, run, PointsOf(Enumerable.Range(0, 100_001)));
        Assert.Equal(400, status);
        Assert.Contains("at most 100000", error["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_exist_is_not_found_and_a_wrong_query_is_told_so()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var run = await server.NewRunAsync();
        await SendAsync(server, run, PointsOf([1]));
        Assert.Equal(404, (await SendAsync(server, "none", PointsOf([1]))).Status);
        foreach (var (route, status) in new[]
                 {
                     ($"{run}/metrics/other/points", 404), ("none/metrics/m/points", 404), ("none/metrics", 404), ("none/texts", 404), ($"{run}/texts/m", 404),
                     ($"{run}/metrics/m/points?buckets=0", 400), ($"{run}/metrics/m/points?buckets=10001", 400), ($"{run}/metrics/m/points?from=x", 400),
                     ($"{run}/metrics/m/points?since=x", 400), ($"{run}/metrics/m/points?since=1-1_1_0_0_0&buckets=5", 400), ($"{run}/metrics?max_results=0", 400),
                     ($"{run}/metrics?page_token=x", 400), ($"{run}/metrics?max_results=5001", 400),
                 })
        {
            using var response = await server.Http.GetAsync("api/v1/runs/" + route);
            Assert.Equal((route, status), (route, (int)response.StatusCode));
        }

        await server.MlflowAsync(HttpMethod.Post, "runs/delete", new { run_id = run });
        Assert.Equal(400, (await SendAsync(server, run, PointsOf([2]))).Status);
    }

    private static double ValueOf(int i) => i % 10 == 3 ? double.NaN : Math.Sin(i);

    private static string PointsOf(IEnumerable<int> numbers) => JsonSerializer.Serialize(new
    {
        points = numbers.Select(i => new
        {
            key = "m",
            step = i / 4m,
            time = 1_000_000 + i,
            value = double.IsNaN(ValueOf(i)) ? (object)"NaN" : ValueOf(i),
        }),
    });

    private static async Task<(int Status, JsonNode Body)> SendAsync(TestServer server, string run, string body)
    {
        using var content = new StringContent(body);
        using var response = await server.Http.PostAsync($"api/v1/runs/{run}/points", content);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    private static async Task<JsonNode> GetAsync(TestServer server, string run, string route) =>
        JsonNode.Parse(await server.Http.GetStringAsync($"api/v1/runs/{run}/{route}"))!;

    private static async Task<(ColumnFile Points, string Mark)> ColumnsAsync(TestServer server, string run, string route)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/v1/runs/{run}/metrics/m/{route}");
        request.Headers.Accept.ParseAdd("application/octet-stream");
        using var response = await server.Http.SendAsync(request);
        Assert.Equal((200, "application/octet-stream"), ((int)response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        return (ColumnFile.Read(await response.Content.ReadAsByteArrayAsync()), response.Headers.ETag!.Tag);
    }

    /// <summary>The binary form, read as docs/http-api/history.md tells it.</summary>
    private sealed record ColumnFile(bool IsSampled, double Of, double Width, double[][] Columns)
    {
        public static ColumnFile Read(byte[] bytes)
        {
            Assert.Equal("BTNP"u8.ToArray(), bytes[..4]);
            Assert.Equal(1u, BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4)));
            var columns = new List<double>[BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(8))];
            for (var c = 0; c < columns.Length; c++)
                columns[c] = [];
            var at = 32;
            double Next() => BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan((at += 8) - 8));
            while (Next() is > 0 and var rows)
            {
                foreach (var column in columns)
                {
                    for (var i = 0; i < rows; i++)
                        column.Add(Next());
                }
            }

            Assert.Equal(bytes.Length, at);
            return new ColumnFile(
                BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(12)) == 1,
                BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(16)),
                BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(24)),
                [.. columns.Select(c => c.ToArray())]);
        }
    }
}
