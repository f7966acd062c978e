using System.Text;
using System.Text.Json;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;

namespace Baton.Server.Runs;

/// <summary>
/// Reads the JSON of a log-batch request into columns, in one pass and without an object per point: metric keys that are known are not even made
/// strings. A field given twice counts as given last.
/// </summary>
internal ref struct LogBatchReader
{
    private readonly ReadOnlySpan<byte> _source;
    private readonly ProjectKeys _keys;
    private readonly Dictionary<string, LogKey> _new = new(StringComparer.Ordinal);
    private Utf8JsonReader _json;
    private string? _runId;
    private string? _runUuid;
    private MetricRows _metrics = new();
    private List<LogPair> _params = [];
    private List<LogPair> _tags = [];
    private (int Place, Refusal Refusal)? _badTime;
    private Refusal? _idFault;
    private Refusal? _metricsFault;
    private Refusal? _paramsFault;
    private Refusal? _tagsFault;

    private LogBatchReader(ReadOnlySpan<byte> json, ProjectKeys keys)
    {
        _json = new Utf8JsonReader(json, MlflowJson.ReaderOptions);
        _source = json;
        _keys = keys;
    }

    /// <exception cref="JsonException">It is no JSON.</exception>
    /// <exception cref="Refusal">A field is missing or of the wrong type.</exception>
    public static LogRequest Read(ReadOnlyMemory<byte> json, ProjectKeys keys) => new LogBatchReader(json.Span, keys).Read();

    private LogRequest Read()
    {
        _json.Read();
        while (NextField())
        {
            if (Is("run_id"u8, "runId"u8))
                _runId = Text("run_id", ref _idFault);
            else if (Is("run_uuid"u8, "runUuid"u8))
                _runUuid = Text("run_uuid", ref _idFault);
            else if (Is("metrics"u8))
                Metrics();
            else if (Is("params"u8))
                Pairs("params", _params = [], ref _paramsFault);
            else if (Is("tags"u8))
                Pairs("tags", _tags = [], ref _tagsFault);
            else
                Skip();
        }

        // What follows the object makes the whole no JSON.
        _json.Read();
        var id = string.IsNullOrEmpty(_runId) ? _runUuid : _runId;
        if ((_idFault ?? (string.IsNullOrEmpty(id) ? MlflowRequest.MissingAt("run_id") : null) ?? _metricsFault ?? _paramsFault ?? _tagsFault) is { } fault)
            throw fault;
        return new LogRequest(id!) { IsBatch = true, Metrics = _metrics, Params = _params, Tags = _tags, BadTime = _badTime };
    }

    private void Metrics()
    {
        _metrics = new MetricRows();
        _metricsFault = null;
        _badTime = null;
        if (!StartArray("metrics", ref _metricsFault))
            return;
        for (var place = 0; StartItem("metrics", place, ref _metricsFault); place++)
            Metric(place);
    }

    private void Metric(int place)
    {
        LogKey? key = null;
        double? value = null;
        long? timestamp = null;
        var step = 0L;
        string? model = null, datasetName = null, datasetDigest = null;
        while (NextField())
        {
            if (Is("key"u8))
                key = Key("metrics", place, ref _metricsFault);
            else if (Is("value"u8))
                value = Real(place);
            else if (Is("timestamp"u8))
                timestamp = Integer(place, "timestamp");
            else if (Is("step"u8))
                step = Integer(place, "step") ?? 0;
            else if (Is("model_id"u8, "modelId"u8))
                model = Text($"metrics[{place}].model_id", ref _metricsFault);
            else if (Is("dataset_name"u8, "datasetName"u8))
                datasetName = Text($"metrics[{place}].dataset_name", ref _metricsFault);
            else if (Is("dataset_digest"u8, "datasetDigest"u8))
                datasetDigest = Text($"metrics[{place}].dataset_digest", ref _metricsFault);
            else
                Skip();
        }

        if (_metricsFault is not null)
            return;
        if (key is null || value is null || timestamp is null)
        {
            _metricsFault = MlflowRequest.MissingAt($"metrics[{place}].{(key is null ? "key" : value is null ? "value" : "timestamp")}");
            return;
        }

        var at = timestamp.Value * 1000;
        if (timestamp is < 0 or > 253_402_300_799_999)
        {
            (at, var refusal) = LogRequest.TimeOf(timestamp.Value, $"metrics[{place}].timestamp", key.Text, value.Value);
            _badTime ??= (place, refusal!);
        }

        _metrics.Add(key, value.Value, at, step);
        if (!string.IsNullOrEmpty(model))
            _metrics.BelongsTo(model, datasetName, datasetDigest);
    }

    private void Pairs(string name, List<LogPair> pairs, ref Refusal? fault)
    {
        fault = null;
        if (!StartArray(name, ref fault))
            return;
        for (var place = 0; StartItem(name, place, ref fault); place++)
        {
            LogKey? key = null;
            var value = "";
            while (NextField())
            {
                if (Is("key"u8))
                    key = Key(name, place, ref fault);
                else if (Is("value"u8))
                    value = Text($"{name}[{place}].value", ref fault) ?? "";
                else
                    Skip();
            }

            if (key is not null)
                pairs.Add(new LogPair(key, value));
            else
                fault ??= MlflowRequest.MissingAt($"{name}[{place}].key");
        }
    }

    /// <summary>Stands on the next field's name; false at the object's end.</summary>
    private bool NextField() => _json.Read() && _json.TokenType == JsonTokenType.PropertyName;

    private readonly bool Is(ReadOnlySpan<byte> name) => _json.ValueIsEscaped ? _json.ValueTextEquals(name) : _json.ValueSpan.SequenceEqual(name);

    private readonly bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> camel) => Is(name) || Is(camel);

    private void Skip()
    {
        _json.Read();
        _json.Skip();
    }

    private bool StartArray(string name, ref Refusal? fault)
    {
        _json.Read();
        if (_json.TokenType == JsonTokenType.StartArray)
            return true;
        if (_json.TokenType != JsonTokenType.Null)
            fault ??= WrongType(name);
        _json.Skip();
        return false;
    }

    /// <summary>Goes into the next object of an array; false at the array's end. What is no object is passed over, as a fault.</summary>
    private bool StartItem(string name, int place, ref Refusal? fault)
    {
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            if (_json.TokenType == JsonTokenType.StartObject)
                return true;
            fault ??= WrongType($"{name}[{place}]");
            _json.Skip();
        }

        return false;
    }

    private LogKey? Key(string name, int place, ref Refusal? fault)
    {
        _json.Read();
        if (_json.TokenType == JsonTokenType.String && !_json.ValueIsEscaped && _keys.Find(_json.ValueSpan) is { } known)
            return known;
        var text = TextAt($"{name}[{place}].key", ref fault);
        if (string.IsNullOrEmpty(text))
            return null;
        return _new.TryGetValue(text, out var key) ? key : _new[text] = _keys.Of(text);
    }

    private string? Text(string parameter, ref Refusal? fault)
    {
        _json.Read();
        return TextAt(parameter, ref fault);
    }

    private string? TextAt(string parameter, ref Refusal? fault)
    {
        if (_json.TokenType == JsonTokenType.Null)
            return null;
        if (_json.TokenType != JsonTokenType.String)
        {
            fault ??= WrongType(parameter);
            _json.Skip();
            return null;
        }

        try
        {
            var text = _json.GetString()!;
            if (text.Contains('\0'))
                fault ??= MlflowRequest.NulAt(parameter);
            return text;
        }
        catch (InvalidOperationException)
        {
            fault ??= MlflowRequest.HalfCharacterAt(parameter);
            return null;
        }
    }

    private double? Real(int place)
    {
        _json.Read();
        switch (_json.TokenType)
        {
            case JsonTokenType.Number:
                return _json.GetDouble();
            case JsonTokenType.True:
                return 1;
            case JsonTokenType.False:
                return 0;
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.String when MlflowJson.Real(Encoding.UTF8.GetString(_json.ValueSpan)) is { } real:
                return real;
            default:
                _metricsFault ??= WrongType($"metrics[{place}].value");
                _json.Skip();
                return null;
        }
    }

    private long? Integer(int place, string field)
    {
        _json.Read();
        if (_json.TokenType == JsonTokenType.Null)
            return null;
        if (_json.TokenType == JsonTokenType.Number && _json.TryGetInt64(out var integer))
            return integer;
        if (_json.TokenType is JsonTokenType.Number or JsonTokenType.String && MlflowJson.Integer(_json.ValueSpan) is { } written)
            return written;
        _metricsFault ??= WrongType($"metrics[{place}].{field}");
        _json.Skip();
        return null;
    }

    private Refusal WrongType(string parameter)
    {
        // A copy runs ahead to the value's end; the reader itself stays.
        var ahead = _json;
        var start = (int)ahead.TokenStartIndex;
        ahead.Skip();
        return MlflowRequest.WrongType(parameter, Encoding.UTF8.GetString(_source.Slice(start, (int)ahead.BytesConsumed - start)), _json.TokenType switch
        {
            JsonTokenType.Number => _json.TryGetInt64(out _) ? "int" : "float",
            JsonTokenType.True or JsonTokenType.False => "bool",
            JsonTokenType.StartObject => "dict",
            JsonTokenType.StartArray => "list",
            JsonTokenType.Null => "NoneType",
            _ => "str",
        });
    }
}
