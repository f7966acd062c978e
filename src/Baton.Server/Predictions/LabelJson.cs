using System.Globalization;
using System.Text.Json;
using Baton.Server.Platform.Errors;

namespace Baton.Server.Predictions;

/// <summary>Reads labels as one JSON document or as a JSON object in each line.</summary>
internal static class LabelJson
{
    /// <summary>Reads <c>{"labels": […]}</c>.</summary>
    public static void ReadDocument(string text, LabelIntake intake)
    {
        using var document = Parse(text);
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("labels", out var labels)
            || labels.ValueKind != JsonValueKind.Array)
            throw Refusal.Invalid("The body has no 'labels': expected {\"labels\": [{\"prediction_id\": \"…\", \"value\": 1}]}.");
        var index = 0;
        foreach (var label in labels.EnumerateArray())
        {
            if (intake.IsOver)
                return;
            Read(label, string.Create(CultureInfo.InvariantCulture, $"labels[{index++}]"), null, intake);
        }
    }

    /// <summary>Reads one label a line; empty lines are passed over.</summary>
    public static void ReadLines(string text, LabelIntake intake)
    {
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            if (intake.IsOver)
                return;
            if (line.IsWhiteSpace())
                continue;
            try
            {
                using var document = JsonDocument.Parse(line.ToString());
                Read(document.RootElement, "", number, intake);
            }
            catch (JsonException bad)
            {
                intake.Fault(null, number, $"it is no JSON: {Reason(bad)}");
            }
        }
    }

    private static void Read(JsonElement label, string path, int? line, LabelIntake intake)
    {
        if (label.ValueKind != JsonValueKind.Object)
        {
            intake.Fault(path.Length == 0 ? null : path, line, "it is no object; expected {\"prediction_id\": \"…\", \"value\": 1}");
            return;
        }

        var prefix = path.Length == 0 ? "" : path + ".";
        string? id = null, value = null, knownAt = null, revision = null;
        foreach (var field in label.EnumerateObject())
        {
            if (LabelIntake.FaultOfField(field.Name) is { } fault)
                intake.Fault(prefix + field.Name, line, fault);
            else if (field.Name == "value")
                value = LabelIntake.TextOf(field.Value);
            else if (field.Value.ValueKind != JsonValueKind.Null)
                _ = field.Name switch
                {
                    "prediction_id" => id = field.Value.ToString(),
                    "known_at" => knownAt = field.Value.ToString(),
                    _ => revision = field.Value.ValueKind == JsonValueKind.Number ? LabelIntake.NumberOf(field.Value) : field.Value.ToString(),
                };
        }

        intake.Add(prefix, line, id, value, knownAt, revision);
    }

    private static JsonDocument Parse(string text)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException bad)
        {
            var at = 1 + (int)(bad.LineNumber ?? 0);
            throw new Refusal(
                ProblemCode.InvalidRequest, $"Nothing was stored, because of line {at}: it is no JSON: {Reason(bad)}",
                [new Fault(null, $"it is no JSON: {Reason(bad)}", at, (int)(bad.BytePositionInLine ?? 0) + 1)]);
        }
    }

    // The library ends its sentence with a place of its own, counted from 0.
    private static string Reason(JsonException bad) => bad.Message.Split(" LineNumber:")[0];
}
