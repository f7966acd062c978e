using System.Text;
using System.Text.Json;
using Baton.Server.Platform.Errors;

namespace Baton.Server.Predictions;

/// <summary>Reads labels as CSV (RFC 4180) with a header that names the fields, in any order.</summary>
internal static class LabelCsv
{
    public static void Read(string text, LabelIntake intake)
    {
        var records = Records(text).GetEnumerator();
        if (!records.MoveNext())
            throw Refusal.Invalid("The CSV is empty; expected a header such as prediction_id,value,known_at and a label in each line.");
        var header = records.Current.Fields.Select(name => name.Trim().TrimStart('\uFEFF')).ToList();
        foreach (var name in header)
        {
            if (LabelIntake.FaultOfField(name) is { } fault)
                intake.Fault(name, 1, fault);
        }

        foreach (var needed in new[] { "prediction_id", "value" })
        {
            if (!header.Contains(needed))
                intake.Fault(needed, 1, "the header does not name it");
        }

        if (header.Distinct().Count() < header.Count)
            intake.Fault(null, 1, "the header names a field twice");
        intake.Labels();
        int id = header.IndexOf("prediction_id"), value = header.IndexOf("value"), knownAt = header.IndexOf("known_at"), revision = header.IndexOf("revision");
        while (records.MoveNext() && !intake.IsOver)
        {
            var (line, fields, fault) = records.Current;
            if (fault is not null || fields.Count != header.Count)
                intake.Fault(null, line, fault ?? $"it has {fields.Count} fields where the header has {header.Count}");
            else
                intake.Add("", line, At(fields, id), Spelled(At(fields, value)), At(fields, knownAt), At(fields, revision));
        }
    }

    private static string? At(List<string> fields, int column) => column < 0 || fields[column].Length == 0 ? null : fields[column];

    /// <summary>What looks like a JSON number is one, so that a label is the same however it was sent.</summary>
    private static string? Spelled(string? value)
    {
        if (value is null || !(char.IsAsciiDigit(value[0]) || value[0] == '-'))
            return value;
        try
        {
            using var number = JsonDocument.Parse(value);
            return number.RootElement.ValueKind == JsonValueKind.Number ? LabelIntake.NumberOf(number.RootElement) : value;
        }
        catch (JsonException)
        {
            return value;
        }
    }

    private static IEnumerable<(int Line, List<string> Fields, string? Fault)> Records(string text)
    {
        var (at, line) = (0, 1);
        while (at < text.Length)
        {
            var (start, fields, fault) = (line, new List<string>(), (string?)null);
            while (true)
            {
                fields.Add(Field(text, ref at, ref line, ref fault));
                if (at >= text.Length || text[at] != ',')
                    break;
                at++;
            }

            if (at < text.Length && text[at] == '\r')
                at++;
            if (at < text.Length && text[at] == '\n')
                at++;
            line++;
            // A line without anything on it is no record.
            if (fields.Count > 1 || fields[0].Length > 0)
                yield return (start, fields, fault);
        }
    }

    private static string Field(string text, ref int at, ref int line, ref string? fault)
    {
        if (at >= text.Length || text[at] != '"')
        {
            var end = text.AsSpan(at).IndexOfAny(",\r\n");
            var field = end < 0 ? text[at..] : text.Substring(at, end);
            at += field.Length;
            return field;
        }

        var value = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '"')
            {
                if (at + 1 < text.Length && text[at + 1] == '"')
                    at++;
                else
                    break;
            }

            line += text[at] == '\n' ? 1 : 0;
            value.Append(text[at]);
        }

        if (at >= text.Length)
            fault ??= "a field opens with a quote that nothing closes";
        at++;
        if (at < text.Length && text[at] is not (',' or '\r' or '\n'))
        {
            fault ??= "a field goes on after its closing quote";
            var rest = text.AsSpan(at).IndexOfAny(",\r\n");
            at = rest < 0 ? text.Length : at + rest;
        }

        return value.ToString();
    }
}
