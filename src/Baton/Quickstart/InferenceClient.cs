using System.Net.Http.Headers;
using System.Text.Json;

namespace Baton.Quickstart;

/// <summary>A client of the endpoint, as anybody would write it: the Open Inference Protocol over HTTP.</summary>
internal sealed class InferenceClient(Uri node, string endpoint) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = node, Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>Predicts a batch of flights as they depart. Returns how many predictions came back.</summary>
    public async Task<int> PredictAsync(IReadOnlyList<LiveFlight> flights, CancellationToken cancel)
    {
        using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(Request(flights)));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await _http.PostAsync($"v2/models/{endpoint}/infer", content, cancel);
        if (!response.IsSuccessStatusCode)
            throw new InvalidOperationException($"{node}v2/models/{endpoint}/infer answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancel)}");
        using var answer = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancel), cancellationToken: cancel);
        return answer.RootElement.GetProperty("outputs").EnumerateArray().First(o => o.GetProperty("name").GetString() == "baton.id").GetProperty("data").GetArrayLength();
    }

    public void Dispose() => _http.Dispose();

    private static object Request(IReadOnlyList<LiveFlight> flights)
    {
        object Column<T>(string name, string datatype, Func<LiveFlight, T> value) =>
            new { name, datatype, shape = new[] { flights.Count, 1 }, data = flights.Select(value).ToArray() };
        return new
        {
            inputs = new[]
            {
                Column("hour", "FP32", f => f.Hour),
                Column("weekday", "FP32", f => f.Weekday),
                Column("distance", "FP32", f => f.Distance),
                Column("origin", "BYTES", f => f.Origin),
                Column("destination", "BYTES", f => f.Destination),
                Column("baton.id", "BYTES", f => f.Id),
                Column("baton.time", "INT64", f => (f.At - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond),
            },
        };
    }
}
