using System.Text.Json;
using Baton.Inference;

namespace Baton.Serving.Protocol;

/// <summary>
/// Reads an inference request against the inputs and outputs of its model. Members that it does not know are passed over; everything else that does not
/// fit is refused with what was expected and what came.
/// </summary>
internal ref struct RequestReader
{
    private const int MaxIdLength = 256;
    private const long EndOfTime = 253_402_300_800_000_000;

    private static readonly TensorSpec[] Reserved =
        [new(InferenceRequest.IdName, "BYTES", [-1]), new(InferenceRequest.TimeName, "INT64", [-1])];

    private readonly IReadOnlyList<TensorSpec> _inputs;
    private readonly IReadOnlyList<TensorSpec> _outputs;
    private readonly int _maxRows;
    private readonly int _bodyLength;
    private readonly Tensor?[] _given;
    private readonly Tensor?[] _reserved = new Tensor?[Reserved.Length];
    private Utf8JsonReader _reader;
    private List<string>? _wanted;
    private string? _id;
    private bool _hasInputs;

    private RequestReader(ReadOnlySpan<byte> body, IReadOnlyList<TensorSpec> inputs, IReadOnlyList<TensorSpec> outputs, int maxRows)
    {
        _reader = new Utf8JsonReader(body);
        _bodyLength = body.Length;
        _inputs = inputs;
        _outputs = outputs;
        _maxRows = maxRows;
        _given = new Tensor?[inputs.Count];
    }

    /// <summary>Reads a request.</summary>
    /// <param name="body">The JSON text.</param>
    /// <param name="inputs">What the model takes.</param>
    /// <param name="outputs">What it gives.</param>
    /// <param name="maxRows">Rows that one request may have.</param>
    /// <exception cref="RequestException">It does not fit.</exception>
    public static InferenceRequest Read(ReadOnlySpan<byte> body, IReadOnlyList<TensorSpec> inputs, IReadOnlyList<TensorSpec> outputs, int maxRows)
    {
        using var quoted = NonFinite.Quote(body);
        try
        {
            return new RequestReader(quoted is null ? body : quoted.Written.Span, inputs, outputs, maxRows).Read();
        }
        catch (JsonException e)
        {
            throw new RequestException($"The body is not the JSON expected, an object with `inputs`: {e.Message}");
        }
        catch (InvalidOperationException)
        {
            // How the reader says that a text cannot be decoded: bytes that are not UTF-8, or half a surrogate pair.
            throw new RequestException("The body has a text that is not valid Unicode; JSON is UTF-8, with surrogates in pairs.");
        }
    }

    private InferenceRequest Read()
    {
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.StartObject)
            throw new RequestException($"The body is an object with `inputs`, and {TensorData.Shown(ref _reader)} came.");
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            if (_reader.ValueTextEquals("inputs"u8))
                ReadInputs();
            else if (_reader.ValueTextEquals("outputs"u8))
                ReadOutputs();
            else if (_reader.ValueTextEquals("id"u8))
                _id = ReadId();
            else
                _reader.Skip();
        }

        // Reading on to the end finds what follows the object.
        _reader.Read();
        return Complete();
    }

    private InferenceRequest Complete()
    {
        if (!_hasInputs && _inputs.Count > 0)
            throw new RequestException($"The request has no `inputs`; the model expects {TensorText.Listed(_inputs)}.");
        if (Array.IndexOf(_given, null) >= 0)
        {
            var (given, inputs) = (_given, _inputs);
            var came = given.Any(g => g is not null) ? string.Join("; ", given.Where(g => g is not null)) : "nothing";
            throw new RequestException($"Missing {TensorText.Listed([.. inputs.Where((_, i) => given[i] is null)])}; given: {came}.");
        }

        var rows = _given.Length == 0 ? 1 : _given[0]!.Rows;
        return new InferenceRequest
        {
            Id = _id,
            Inputs = _given!,
            Outputs = _wanted,
            Rows = rows,
            PredictionIds = _reserved[0] is { } ids ? Ids(ids, rows) : null,
            EventTimes = _reserved[1] is { } times ? Times(times, rows) : null,
        };
    }

    private string? ReadId()
    {
        _reader.Read();
        return _reader.TokenType switch
        {
            JsonTokenType.String => _reader.GetString(),
            JsonTokenType.Null => null,
            _ => throw new RequestException($"`id` is a text, and {TensorData.Shown(ref _reader)} came."),
        };
    }

    private void ReadInputs()
    {
        OpenArray("inputs", "[{\"name\", \"shape\", \"datatype\", \"data\"}, …]");
        _hasInputs = true;
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (_reader.TokenType != JsonTokenType.StartObject)
                throw new RequestException($"An item of `inputs` is an object with name, shape, datatype and data, and {TensorData.Shown(ref _reader)} came.");
            var tensor = new InputReader(_inputs, Reserved, _bodyLength, _maxRows).Read(ref _reader);
            ref var place = ref Place(tensor.Name);
            if (place is not null)
                throw new RequestException($"Input '{tensor.Name}' was given twice; give every input once.");
            place = tensor;
        }
    }

    private readonly ref Tensor? Place(string name)
    {
        for (var i = 0; i < _inputs.Count; i++)
        {
            if (_inputs[i].Name == name)
                return ref _given[i];
        }

        return ref _reserved[name == InferenceRequest.IdName ? 0 : 1];
    }

    private void ReadOutputs()
    {
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.Null)
            return;
        if (_reader.TokenType != JsonTokenType.StartArray)
            throw new RequestException($"`outputs` is an array [{{\"name\"}}, …], and {TensorData.Shown(ref _reader)} came.");
        var wanted = new List<string>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (_reader.TokenType != JsonTokenType.StartObject)
                throw new RequestException($"An item of `outputs` is an object with a name, and {TensorData.Shown(ref _reader)} came.");
            string? name = null;
            while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
            {
                var isName = _reader.ValueTextEquals("name"u8);
                if (isName && _reader.Read() && _reader.TokenType == JsonTokenType.String)
                    name = _reader.GetString();
                else
                    _reader.Skip();
            }

            var known = _outputs.Any(o => o.Name == name) || name == InferenceRequest.IdName;
            if (!known)
                throw new RequestException($"The model has no output '{name}'; it gives {string.Join("; ", _outputs)}.");
            if (!wanted.Contains(name!))
                wanted.Add(name!);
        }

        _wanted = wanted.Count == 0 ? null : wanted;
    }

    private void OpenArray(string member, string expected)
    {
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.StartArray)
            throw new RequestException($"`{member}` is an array {expected}, and {TensorData.Shown(ref _reader)} came.");
    }

    private static string[] Ids(Tensor tensor, int rows)
    {
        var ids = OnePerRow<string>(tensor, rows);
        var bad = Array.FindIndex(ids, id => id.Length is 0 or > MaxIdLength);
        return bad < 0 ? ids : throw new RequestException(
            $"Input '{tensor.Name}', row {bad}: an id has 1 to {MaxIdLength} characters, and {ids[bad].Length} came.");
    }

    private static long[] Times(Tensor tensor, int rows)
    {
        var times = OnePerRow<long>(tensor, rows);
        var bad = Array.FindIndex(times, t => t is < 0 or >= EndOfTime);
        return bad < 0 ? times : throw new RequestException(
            $"Input '{tensor.Name}', row {bad}: a time is in microseconds since 1970 UTC, from 0 to {EndOfTime - 1}, and {times[bad]} came.");
    }

    private static T[] OnePerRow<T>(Tensor tensor, int rows) => tensor.Rows == rows && tensor.Values.Length == rows ? (T[])tensor.Values : throw new RequestException(
        $"Input '{tensor.Name}' has one value for each row: expected {tensor.Datatype} [{rows}] or [{rows}, 1], came {TensorData.Listed(tensor.Shape)}.");
}
