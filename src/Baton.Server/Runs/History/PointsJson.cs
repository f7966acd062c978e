using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Baton.Server.Runs.History;

/// <summary>Points as JSON rows: <c>{"columns": […], "rows": [[…]]}</c>, steps exact, NaN as a text.</summary>
internal sealed class PointsJson(HttpResponse response) : IAsyncDisposable
{
    private static readonly JsonEncodedText NotANumber = JsonEncodedText.Encode("NaN");

    private readonly Utf8JsonWriter _json = new(response.BodyWriter, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    private long _points;

    public void BeginPoints(string runId, string key, long of)
    {
        BeginAnswer(runId, key, of, isSampled: false);
        WriteColumns("step", "time", "value");
    }

    public async Task WriteAsync(PointBlock block, CancellationToken cancellation)
    {
        WriteRows(block);
        _json.Flush();
        await response.BodyWriter.FlushAsync(cancellation);
    }

    /// <summary>Closes the answer, with the place where an append goes on.</summary>
    public async Task EndAsync(string mark, CancellationToken cancellation)
    {
        _json.WriteEndArray();
        _json.WriteNumber("points", _points);
        _json.WriteString("since", mark);
        _json.WriteEndObject();
        await _json.FlushAsync(cancellation);
    }

    /// <summary>Writes the whole of a down-sampled answer.</summary>
    public async Task WriteAsync(string runId, string key, SampledSeries series, CancellationToken cancellation)
    {
        BeginAnswer(runId, key, series.Of, isSampled: true);
        _json.WriteNumber("points", series.Buckets.Count);
        _json.WriteNumber("bucket_width", series.Width);
        WriteColumns("step", "last_step", "time", "last_time", "min", "max", "points");
        foreach (var bucket in series.Buckets)
        {
            _json.WriteStartArray();
            _json.WriteNumberValue(bucket.FirstStep);
            _json.WriteNumberValue(bucket.LastStep);
            _json.WriteNumberValue(MillisOf(bucket.FirstAt));
            _json.WriteNumberValue(MillisOf(bucket.LastAt));
            WriteReal(bucket.Least ?? double.NaN);
            WriteReal(bucket.Greatest ?? double.NaN);
            _json.WriteNumberValue(bucket.Points);
            _json.WriteEndArray();
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
        await _json.FlushAsync(cancellation);
    }

    public ValueTask DisposeAsync() => _json.DisposeAsync();

    /// <summary>Microseconds as milliseconds, exactly.</summary>
    public static decimal MillisOf(long micros) => micros % 1000 == 0 ? micros / 1000 : micros / 1000m;

    private void BeginAnswer(string runId, string key, long of, bool isSampled)
    {
        response.ContentType = "application/json; charset=utf-8";
        _json.WriteStartObject();
        _json.WriteString("run_id", runId);
        _json.WriteString("key", key);
        _json.WriteBoolean("sampled", isSampled);
        _json.WriteNumber("of", of);
    }

    private void WriteColumns(params ReadOnlySpan<string> columns)
    {
        _json.WriteStartArray("columns");
        foreach (var column in columns)
            _json.WriteStringValue(column);
        _json.WriteEndArray();
        _json.WriteStartArray("rows");
    }

    private void WriteRows(PointBlock block)
    {
        for (var i = 0; i < block.Count; i++)
        {
            _json.WriteStartArray();
            _json.WriteNumberValue(block.Steps[i].Exact);
            _json.WriteNumberValue(MillisOf(block.Ats[i]));
            WriteReal(block.Values[i]);
            _json.WriteEndArray();
        }

        _points += block.Count;
    }

    private void WriteReal(double value)
    {
        if (double.IsNaN(value))
            _json.WriteStringValue(NotANumber);
        else
            _json.WriteNumberValue(value);
    }
}
