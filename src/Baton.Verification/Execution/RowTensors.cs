using System.Text.Json;
using Baton.Inference;

namespace Baton.Verification.Execution;

/// <summary>One row of the prediction log as tensors of one row, and back: a value, or nested lists of values; NaN and infinities as texts.</summary>
internal static class RowTensors
{
    /// <summary>One input, from the row's values.</summary>
    /// <exception cref="ModelInputException">The row lacks it, or has values that it cannot take.</exception>
    public static Tensor Read(TensorSpec input, IReadOnlyDictionary<string, JsonElement> row)
    {
        if (!row.TryGetValue(input.Name, out var logged))
            throw new ModelInputException($"The version takes input `{input}`, which the prediction was not asked with; it has {string.Join(", ", row.Keys.Select(k => $"`{k}`"))}.");
        var flat = Flat(logged).ToList();
        var values = Array.CreateInstance(Datatypes.ElementType(input.Datatype), flat.Count);
        for (var i = 0; i < flat.Count; i++)
            values.SetValue(Convert(flat[i], input), i);
        return new Tensor(input.Name, ShapeOf(input, logged, flat.Count), values);
    }

    /// <summary>An output of one row as it is logged.</summary>
    public static JsonElement Write(Tensor output)
    {
        var values = output.Values.Cast<object>().Select(Plain).ToArray();
        return JsonSerializer.SerializeToElement(values.Length == 1 && output.Shape.Count <= 2 ? values[0] : values);
    }

    // The dimensions after the row are the model's where it fixes them, else those of the logged lists.
    private static IReadOnlyList<long> ShapeOf(TensorSpec input, JsonElement logged, int count)
    {
        if (input.Shape.Count == 0)
            return count == 1 ? [] : [count];
        if (input.Shape.Count == 1)
            return [count];
        var lists = new List<long>();
        for (var at = logged; at.ValueKind == JsonValueKind.Array; at = at[0])
        {
            lists.Add(at.GetArrayLength());
            if (at.GetArrayLength() == 0)
                break;
        }

        var rest = input.Shape.Skip(1).ToList();
        if (lists.Count != rest.Count)
            lists = [.. rest.Select(d => d < 0 ? (rest.Count(r => r < 0) == 1 ? count / rest.Where(r => r > 0).Aggregate(1L, (product, r) => product * r) : 1) : d)];
        return [1, .. lists];
    }

    private static IEnumerable<JsonElement> Flat(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().SelectMany(Flat) : [value];

    private static object Convert(JsonElement value, TensorSpec input)
    {
        try
        {
            return (input.Datatype, value.ValueKind) switch
            {
                ("BYTES", JsonValueKind.String) => value.GetString()!,
                ("BOOL", JsonValueKind.True or JsonValueKind.False) => value.GetBoolean(),
                ("FP64", _) => Real(value),
                ("FP32", _) => (float)Real(value),
                ("FP16", _) => (Half)Real(value),
                ("INT64", JsonValueKind.Number) => value.GetInt64(),
                ("INT32", JsonValueKind.Number) => value.GetInt32(),
                ("INT16", JsonValueKind.Number) => value.GetInt16(),
                ("INT8", JsonValueKind.Number) => value.GetSByte(),
                ("UINT64", JsonValueKind.Number) => value.GetUInt64(),
                ("UINT32", JsonValueKind.Number) => value.GetUInt32(),
                ("UINT16", JsonValueKind.Number) => value.GetUInt16(),
                ("UINT8", JsonValueKind.Number) => value.GetByte(),
                _ => throw new FormatException(),
            };
        }
        catch (FormatException e)
        {
            throw new ModelInputException($"The version's input `{input}` cannot take the logged {value.GetRawText()}.", e);
        }
    }

    private static double Real(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String => value.GetString() switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            _ => throw new FormatException(),
        },
        _ => throw new FormatException(),
    };

    private static object Plain(object value) => value switch
    {
        float v when !float.IsFinite(v) => Strange(v),
        double v when !double.IsFinite(v) => Strange(v),
        Half v => Half.IsFinite(v) ? (float)v : Strange((float)v),
        _ => value,
    };

    private static string Strange(double value) => double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}
