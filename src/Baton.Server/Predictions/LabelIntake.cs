using System.Globalization;
using System.Text.Json;
using Baton.Server.Platform.Errors;

namespace Baton.Server.Predictions;

/// <summary>Gathers the labels of one request, and every fault of them with its place.</summary>
internal sealed class LabelIntake(long receivedAt)
{
    /// <summary>The most labels of one request.</summary>
    public const int MaxLabels = 100_000;

    private const int LongestValue = 4096;
    private const int FaultsShown = 20;
    private static readonly string[] Fields = ["prediction_id", "value", "known_at", "revision"];

    private readonly Dictionary<(string Id, long Revision), Label> _labels = [];
    private readonly List<Fault> _faults = [];
    private readonly List<(Label, string)> _conflicts = [];

    /// <summary>Labels sent more than once in the request, each repetition counted.</summary>
    public int Repeated { get; private set; }

    /// <summary>The labels, each (prediction, revision) once.</summary>
    /// <exception cref="Refusal">Something was wrong; all is refused.</exception>
    public IReadOnlyList<Label> Labels()
    {
        if (_faults.Count > 0)
        {
            var (first, more) = (_faults[0], _faults.Count - 1);
            var where = first.Line is { } line ? $"line {line}{(first.Path is null ? "" : $", field {first.Path}")}" : first.Path;
            throw new Refusal(
                ProblemCode.InvalidRequest,
                $"Nothing was stored, because of {where}: {first.Message}{(more > 0 ? $" ({more}{(more >= FaultsShown - 1 ? " or more" : "")} further faults)" : "")}", _faults);
        }

        return _conflicts.Count > 0 ? throw PredictionsErrors.OtherLabels(_conflicts) : [.. _labels.Values];
    }

    /// <summary>Whether reading on would tell no more.</summary>
    public bool IsOver => _faults.Count >= FaultsShown;

    public void Fault(string? path, int? line, string message) => _faults.Add(new Fault(path, message, line));

    /// <summary>A fault of a field that no label has; null for one that it may have.</summary>
    public static string? FaultOfField(string name) =>
        Fields.Contains(name) ? null : $"there is no field '{name}'; a label has {string.Join(", ", Fields)}";

    /// <summary>Takes one label in, or its faults.</summary>
    /// <param name="prefix">What stands before a field's name to tell its place, e.g. <c>labels[3].</c>.</param>
    /// <param name="line">Its line, where it has one.</param>
    /// <param name="id">Prediction id; null where it is missing.</param>
    /// <param name="value">Value; null where it is missing.</param>
    /// <param name="knownAt">RFC 3339; null where it is left out.</param>
    /// <param name="revision">Number; null where it is left out.</param>
    public void Add(string prefix, int? line, string? id, string? value, string? knownAt, string? revision)
    {
        var (before, known, number) = (_faults.Count, receivedAt, 0L);
        if (id is null)
            Fault(prefix + "prediction_id", line, "it is missing; expected the id that the answer gave");
        else if (LogNames.FaultOf(id) is { } fault)
            Fault(prefix + "prediction_id", line, fault);
        if (string.IsNullOrEmpty(value))
            Fault(prefix + "value", line, "it is missing; expected a number, a text, true or false");
        else if (value.Length > LongestValue || value.Any(char.IsControl))
            Fault(prefix + "value", line, value.Length > LongestValue ? $"it is longer than {LongestValue} characters" : "it holds control characters");
        if (knownAt is not null && !LogNames.TryTime(knownAt, out known))
            Fault(prefix + "known_at", line, $"'{knownAt}' is no time; expected RFC 3339 such as 2001-02-15T08:30:00Z");
        if (revision is not null && (!long.TryParse(revision, NumberStyles.None, CultureInfo.InvariantCulture, out number) || number > int.MaxValue))
            Fault(prefix + "revision", line, $"'{revision}' is no revision; expected a whole number from 0, by default 0");
        if (_faults.Count > before)
            return;
        var label = new Label { PredictionId = id!, Revision = number, Value = value!, KnownAt = known, ReceivedAt = receivedAt };
        if (_labels.TryAdd((label.PredictionId, number), label))
        {
            if (_labels.Count > MaxLabels)
                throw new Refusal(ProblemCode.TooLarge, $"The request holds more than {MaxLabels} labels: send them in several.");
            return;
        }

        var first = _labels[(label.PredictionId, number)];
        if (first.Value == label.Value)
            Repeated++;
        else if (_conflicts.Count < FaultsShown)
            _conflicts.Add((first, label.Value));
    }

    /// <summary>A JSON value as a label's text; null for what is no label.</summary>
    public static string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Number => NumberOf(value),
        _ => null,
    };

    /// <summary>A number in one spelling, so that 1 and 1.0 are the same label.</summary>
    public static string NumberOf(JsonElement number)
    {
        if (number.TryGetInt64(out var whole))
            return whole.ToString(CultureInfo.InvariantCulture);
        var real = number.GetDouble();
        return double.IsInteger(real) && Math.Abs(real) < 1e15 ? ((long)real).ToString(CultureInfo.InvariantCulture)
            : double.IsFinite(real) ? real.ToString("R", CultureInfo.InvariantCulture) : number.GetRawText();
    }
}
