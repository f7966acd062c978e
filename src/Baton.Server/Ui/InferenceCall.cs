using System.Globalization;
using System.Text;
using System.Text.Json;
using Baton.Contracts;

namespace Baton.Server.Ui;

/// <summary>A request to an endpoint as a line for a shell, so that somebody who has never sent one can.</summary>
internal static class InferenceCall
{
    private const int MostValues = 32;

    /// <summary>The line; null where too little is known of the model's inputs.</summary>
    /// <param name="address">Where a serving node answers.</param>
    /// <param name="endpoint">Endpoint.</param>
    /// <param name="inputs">The model's inputs.</param>
    /// <param name="example">Inputs of a row that was sent, a JSON object by name; null for made-up values.</param>
    public static string? Write(string address, string endpoint, IReadOnlyList<TensorClaim> inputs, JsonElement? example)
    {
        if (inputs.Count == 0 || inputs.Any(i => Values(i) > MostValues))
            return null;
        var text = new StringBuilder("curl -s ").Append(address.TrimEnd('/')).Append("/v2/models/").Append(Uri.EscapeDataString(endpoint)).Append("/infer -d '{\"inputs\": [");
        foreach (var (at, input) in inputs.Index())
        {
            // The default encoder writes an apostrophe as an escape, so that no value ends the shell's quotation.
            text.Append(at == 0 ? "\n  " : ",\n  ").Append("{\"name\": ").Append(JsonSerializer.Serialize(input.Name)).Append(", \"datatype\": ").Append(JsonSerializer.Serialize(input.Datatype))
                .Append(CultureInfo.InvariantCulture, $", \"shape\": [{string.Join(", ", input.Shape.Select(d => d < 0 ? 1 : d))}], \"data\": [{Row(input, example)}]}}");
        }

        return text.Append("\n]}'").ToString();
    }

    private static long Values(TensorClaim input) => input.Shape.Aggregate(1L, (product, d) => Math.Min(MostValues + 1, product * (d < 0 ? 1 : d)));

    private static string Row(TensorClaim input, JsonElement? example) =>
        example is { ValueKind: JsonValueKind.Object } row && row.TryGetProperty(input.Name, out var value) && Flat(value).ToList() is { Count: > 0 } values && values.Count == Values(input)
            ? string.Join(", ", values.Select(v => JsonSerializer.Serialize(v)))
            : string.Join(", ", Enumerable.Repeat(input.Datatype switch { "BYTES" => "\"text\"", "BOOL" => "true", _ => "0" }, (int)Values(input)));

    private static IEnumerable<JsonElement> Flat(JsonElement value) => value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().SelectMany(Flat) : [value];
}
