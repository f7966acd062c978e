using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Baton.Storage.Tables;

namespace Baton.ServerTests;

/// <summary>Plays a serving node and whoever knows the truth: prediction files and labels over HTTP.</summary>
internal static class PredictionLog
{
    public const string Day = "2001-02-15";

    /// <summary>First microsecond of <see cref="Day"/>.</summary>
    public const long DayStart = 982_195_200_000_000;

    /// <summary>A table of prediction rows of <see cref="Day"/>, a second apart; version 1, and 2 for every third.</summary>
    public static Table Rows(string endpoint, int first, int count, long dayStart = DayStart)
    {
        var numbers = Enumerable.Range(first, count).ToArray();
        T[] Each<T>(Func<int, T> value) => [.. numbers.Select(value)];
        return new Table(
        [
            new Column("prediction_id", Each(Id)),
            new Column("endpoint", Each(_ => endpoint)),
            new Column("arm", Each(_ => "champion")),
            new Column("version", Each(n => n % 3 == 2 ? "2" : "1")),
            new Column("manifest_digest", Each(_ => "sha256:" + new string('a', 64))),
            new Column("event_time", Each(n => dayStart + (n * 1_000_000L))),
            new Column("logged_at", Each(n => dayStart + (n * 1_000_000L) + 7)),
            new Column("inputs", Each(n => $$"""{"carrier":"A{{n % 5}}","distance":{{n}}}""")),
            new Column("outputs", Each(n => $$"""{"label":{{n % 2}},"probabilities":[0.25,0.75]}""")),
            new Column("score", Each(n => n / 1000.0), [.. numbers.Select(n => n % 10 == 9)]),
            new Column("latency_us", Each(_ => 120L)),
            new Column("propensity", Each(_ => 1.0)),
        ]);
    }

    public static string Id(int number) => $"flight-{number:00000}";

    /// <summary>The table with one column in place of another of its name.</summary>
    public static Table With(this Table table, Column column) => new([.. table.Columns.Select(c => c.Name == column.Name ? column : c)]);

    public static async Task<byte[]> ParquetOf(Table table)
    {
        using var bytes = new MemoryStream();
        await ParquetFile.WriteAsync(bytes, table);
        return bytes.ToArray();
    }

    public static async Task<(HttpStatusCode Status, JsonNode Body)> PutAsync(this TestServer server, string endpoint, string id, byte[] parquet, string day = Day)
    {
        using var content = new ByteArrayContent(parquet);
        using var response = await server.Http.PutAsync($"api/v1/endpoints/{endpoint}/prediction-files/{id}?day={day}", content);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    public static async Task PutRowsAsync(this TestServer server, string endpoint, int first, int count)
    {
        var (status, body) = await server.PutAsync(endpoint, $"file-{first}", await ParquetOf(Rows(endpoint, first, count)));
        if (status != HttpStatusCode.OK)
            throw new InvalidOperationException(body.ToJsonString());
    }

    public static async Task<(HttpStatusCode Status, JsonNode Body)> SendLabelsAsync(this TestServer server, string endpoint, string text, string contentType = "application/json")
    {
        using var content = new StringContent(text, Encoding.UTF8, new MediaTypeHeaderValue(contentType));
        using var response = await server.Http.PostAsync($"api/v1/endpoints/{endpoint}/labels", content);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    public static async Task<(HttpStatusCode Status, string Text)> GetTextAsync(this TestServer server, string path)
    {
        using var response = await server.Http.GetAsync(path);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public static async Task<JsonArray> QueryAsync(this TestServer server, string endpoint, string query = "")
    {
        var (status, text) = await server.GetTextAsync($"api/v1/endpoints/{endpoint}/predictions?limit=100000{query}");
        return status == HttpStatusCode.OK ? JsonNode.Parse(text)!["predictions"]!.AsArray() : throw new InvalidOperationException(text);
    }
}
