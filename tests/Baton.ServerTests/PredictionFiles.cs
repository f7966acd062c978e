using System.Globalization;
using System.Net.Http.Json;
using Baton.Storage.Tables;
using Xunit;

namespace Baton.ServerTests;

/// <summary>Sends made-up predictions as a serving node would, and their labels.</summary>
internal static class PredictionFiles
{
    /// <summary>One sealed file for each day.</summary>
    public static async Task PutAsync(TestServer server, string endpoint, IReadOnlyList<LoggedRow> rows)
    {
        foreach (var day in rows.GroupBy(r => r.At.UtcDateTime.Date))
        {
            using var content = new ByteArrayContent(await FileAsync(endpoint, [.. day]));
            var date = day.Key.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            using var answer = await server.Http.PutAsync($"api/v1/endpoints/{endpoint}/prediction-files/{date}?day={date}", content);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }
    }

    public static async Task LabelAsync(TestServer server, string endpoint, IEnumerable<(string Id, object Value, DateTimeOffset KnownAt, int Revision)> labels)
    {
        foreach (var part in labels.Chunk(10_000))
        {
            using var answer = await server.Http.PostAsJsonAsync(
                $"api/v1/endpoints/{endpoint}/labels",
                new { labels = part.Select(l => new { prediction_id = l.Id, value = l.Value, known_at = l.KnownAt.ToString("O"), revision = l.Revision }) });
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }
    }

    private static async Task<byte[]> FileAsync(string endpoint, IReadOnlyList<LoggedRow> rows)
    {
        string[] Same(string value) => [.. Enumerable.Repeat(value, rows.Count)];
        long[] times = [.. rows.Select(r => (r.At - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond)];
        using var file = new MemoryStream();
        await ParquetFile.WriteAsync(file, new Table(
        [
            new Column("prediction_id", rows.Select(r => r.Id).ToArray()),
            new Column("endpoint", Same(endpoint)),
            new Column("arm", Same("champion")),
            new Column("version", Same("1")),
            new Column("manifest_digest", Same("sha256:" + new string('0', 64))),
            new Column("event_time", times),
            new Column("logged_at", times),
            new Column("inputs", rows.Select(r => r.Inputs).ToArray()),
            new Column("outputs", Same("""{"label": 0, "probabilities": [0.75, 0.25]}""")),
            new Column("score", rows.Select(r => r.Score).ToArray(), new bool[rows.Count]),
            new Column("latency_us", times.Select(_ => 1234L).ToArray()),
            new Column("propensity", rows.Select(_ => 1.0).ToArray()),
        ]));
        return file.ToArray();
    }
}

/// <summary>One prediction, and what turned out to be true of it.</summary>
internal sealed record LoggedRow(string Id, DateTimeOffset At, double Score, bool Late)
{
    /// <summary>JSON object.</summary>
    public string Inputs { get; init; } = """{"x": 8.5}""";
}
