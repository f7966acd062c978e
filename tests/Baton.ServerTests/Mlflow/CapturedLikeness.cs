using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Baton.ServerTests.Mlflow;

/// <summary>Compares an answer with a captured one, and binds what a server chooses (ids, times, tokens) where it first appears.</summary>
internal sealed partial class CapturedLikeness
{
    private const string Cut = "…";

    private readonly Dictionary<string, string> _bound = [];

    /// <summary>A text of the capture with all its placeholders filled in.</summary>
    public string Fill(string text) => Placeholder().Replace(text, match => _bound.TryGetValue(match.Value, out var value)
        ? value
        : throw new InvalidOperationException($"{match.Value} is used before an answer named it."));

    /// <summary>Every difference, each with its place.</summary>
    public IReadOnlyList<string> Compare(JsonNode captured, JsonNode? answer)
    {
        var differences = new List<string>();
        Compare(captured, answer, "$", differences);
        return differences;
    }

    private void Compare(JsonNode? captured, JsonNode? answer, string place, List<string> differences)
    {
        switch (captured, answer)
        {
            case (JsonObject expected, JsonObject got):
                CompareObjects(expected, got, place, differences);
                break;
            case (JsonArray expected, JsonArray got):
                CompareArrays(expected, got, place, differences);
                break;
            case (JsonValue expected, JsonValue got) when expected.GetValueKind() is JsonValueKind.String && expected.GetValue<string>().Contains('<', StringComparison.Ordinal):
                if (!Bind(expected.GetValue<string>(), got.GetValueKind() is JsonValueKind.String ? got.GetValue<string>() : got.ToJsonString()))
                    differences.Add($"{place}: captured {expected}, answered {got.ToJsonString()}");
                break;
            case (JsonValue expected, JsonValue got) when expected.GetValueKind() is JsonValueKind.Number && got.GetValueKind() is JsonValueKind.Number:
                if (Number(expected) != Number(got))
                    differences.Add($"{place}: captured {expected.ToJsonString()}, answered {got.ToJsonString()}");
                break;
            default:
                if (!JsonNode.DeepEquals(captured, answer))
                    differences.Add($"{place}: captured {captured?.ToJsonString()}, answered {answer?.ToJsonString() ?? "nothing"}");
                break;
        }
    }

    private void CompareObjects(JsonObject expected, JsonObject got, string place, List<string> differences)
    {
        foreach (var (name, value) in expected)
        {
            if (name == Cut)
                continue;
            if (!got.ContainsKey(name))
                differences.Add($"{place}.{name}: captured {value?.ToJsonString()}, answered nothing");
            else
                Compare(value, got[name], $"{place}.{name}", differences);
        }

        if (!expected.ContainsKey(Cut))
            differences.AddRange(got.Where(field => !expected.ContainsKey(field.Key)).Select(field => $"{place}.{field.Key}: captured nothing, answered {field.Value?.ToJsonString()}"));
    }

    private void CompareArrays(JsonArray expected, JsonArray got, string place, List<string> differences)
    {
        var whole = expected.Count == 0 || expected[^1] is not JsonValue last || last.GetValueKind() is not JsonValueKind.String || last.GetValue<string>() != Cut;
        var items = whole ? [.. expected] : expected.Take(expected.Count - 1).ToList();
        if (whole ? got.Count != items.Count : got.Count < items.Count)
        {
            differences.Add($"{place}: captured {expected.ToJsonString()}, answered {got.ToJsonString()}");
            return;
        }

        // Params, tags and latest metrics of a run come in no promised order: they are compared key by key.
        if (items.Count > 0 && items.All(item => Key(item) is not null) && got.All(item => Key(item) is not null))
        {
            foreach (var item in items)
                Compare(item, got.FirstOrDefault(other => Key(other) == Key(item)), $"{place}[{Key(item)}]", differences);
            return;
        }

        for (var i = 0; i < items.Count; i++)
            Compare(items[i], got[i], $"{place}[{i.ToString(CultureInfo.InvariantCulture)}]", differences);
    }

    /// <summary>Whether a text fits one with placeholders; unbound ones take what they meet, if it has their shape.</summary>
    private bool Bind(string expected, string got)
    {
        var names = new List<string>();
        var pattern = Placeholder().Replace(Regex.Escape(expected), match =>
        {
            if (_bound.TryGetValue(match.Value, out var value))
                return Regex.Escape(value);
            if (names.IndexOf(match.Value) is >= 0 and var at)
                return $"\\{at + 1}";
            names.Add(match.Value);
            return $"({Shape(match.Groups[1].Value)})";
        });
        if (Regex.Match(got, $@"\A{pattern}\z") is not { Success: true } found)
            return false;
        for (var i = 0; i < names.Count; i++)
            _bound[names[i]] = found.Groups[i + 1].Value;
        return true;
    }

    private static string Shape(string placeholder) => placeholder switch
    {
        "run" => "[0-9a-f]{32}",
        "m-" => "m-[0-9a-f]{32}",
        "time" => "1[0-9]{12}",
        "name" => "[a-z]+-[a-z]+-[0-9]{1,3}",
        "token" => ".+",
        _ => throw new InvalidOperationException($"No shape is known for <{placeholder}>."),
    };

    private static string? Key(JsonNode? item) => item is JsonObject pair && pair["key"] is JsonValue key && key.GetValueKind() is JsonValueKind.String ? key.GetValue<string>() : null;

    private static double Number(JsonValue value) => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);

    [GeneratedRegex("<([a-z]+-?)[0-9]+>")]
    private static partial Regex Placeholder();
}
