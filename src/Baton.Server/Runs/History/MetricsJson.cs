using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Baton.Server.Runs.History;

/// <summary>Writes points as MLflow's clients read them, block by block onto the wire.</summary>
internal sealed class MetricsJson(HttpResponse response, string key) : IAsyncDisposable
{
    private static readonly JsonEncodedText KeyName = JsonEncodedText.Encode("key");
    private static readonly JsonEncodedText ValueName = JsonEncodedText.Encode("value");
    private static readonly JsonEncodedText TimestampName = JsonEncodedText.Encode("timestamp");
    private static readonly JsonEncodedText StepName = JsonEncodedText.Encode("step");
    private static readonly JsonEncodedText RunIdName = JsonEncodedText.Encode("run_id");
    private static readonly JsonEncodedText NotANumber = JsonEncodedText.Encode("NaN");

    private readonly Utf8JsonWriter _json = new(response.BodyWriter, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    private readonly JsonEncodedText _key = JsonEncodedText.Encode(key, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
    private bool _hasPoints;
    private bool _hasBegun;

    /// <summary>Writes the first points of a block. MLflow's steps are whole: a decimal one is rounded down.</summary>
    public async Task WriteAsync(PointBlock block, int count, string? runId, CancellationToken cancellation)
    {
        Begin();
        if (!_hasPoints && count > 0)
        {
            _json.WriteStartArray("metrics");
            _hasPoints = true;
        }

        WritePoints(block, count, runId is null ? null : JsonEncodedText.Encode(runId, JavaScriptEncoder.UnsafeRelaxedJsonEscaping));
        _json.Flush();
        await response.BodyWriter.FlushAsync(cancellation);
    }

    /// <summary>Closes the answer.</summary>
    public async Task EndAsync(string? nextPageToken, CancellationToken cancellation)
    {
        Begin();
        if (_hasPoints)
            _json.WriteEndArray();
        if (nextPageToken is not null)
            _json.WriteString("next_page_token", nextPageToken);
        _json.WriteEndObject();
        await _json.FlushAsync(cancellation);
        await response.BodyWriter.FlushAsync(cancellation);
    }

    public ValueTask DisposeAsync() => _json.DisposeAsync();

    private void Begin()
    {
        if (_hasBegun)
            return;
        _hasBegun = true;
        response.ContentType = "application/json; charset=utf-8";
        _json.WriteStartObject();
    }

    private void WritePoints(PointBlock block, int count, JsonEncodedText? runId)
    {
        for (var i = 0; i < count; i++)
        {
            _json.WriteStartObject();
            _json.WriteString(KeyName, _key);
            if (double.IsNaN(block.Values[i]))
                _json.WriteString(ValueName, NotANumber);
            else
                _json.WriteNumber(ValueName, block.Values[i]);
            _json.WriteNumber(TimestampName, block.Ats[i] / 1000);
            _json.WriteNumber(StepName, block.Steps[i].Whole);
            if (runId is { } id)
                _json.WriteString(RunIdName, id);
            _json.WriteEndObject();
        }
    }
}
