using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Baton.Contracts;

/// <summary>A field of the contract's language, as <c>baton contract explain</c> tells of it.</summary>
/// <param name="Path">Its path below <c>clauses</c>, or the name of a field beside them.</param>
/// <param name="About">What it says, one sentence or two.</param>
/// <param name="Fields">What can stand in it; empty for a value.</param>
public sealed record ContractField(string Path, string About, IReadOnlyList<ContractField> Fields)
{
    /// <summary>The whole language: the fields before the clauses, and every clause.</summary>
    public static ContractField Language()
    {
        var properties = (JsonObject)JsonNode.Parse(ContractSchema.Write())!["properties"]!;
        var clauses = (JsonObject)properties["clauses"]!;
        return new ContractField(
            "", "What is demanded of any version of one registered model.", [.. Below("", properties).Where(f => f.Path != "clauses"), .. Below("", clauses["properties"]!.AsObject())]);
    }

    /// <summary>The field at a path like <c>metrics.roc_auc.slices</c>; null where the language has none.</summary>
    public static ContractField? Find(string path)
    {
        JsonNode schema = JsonNode.Parse(ContractSchema.Write())!;
        var clauses = schema["properties"]!["clauses"]!;
        var left = path.StartsWith("clauses.", StringComparison.Ordinal) ? path["clauses.".Length..] : path;
        if (Step(clauses, left).Schema is not null)
            schema = clauses;
        while (left.Length > 0)
        {
            var (name, next) = Step(schema, left);
            if (next is null)
                return null;
            schema = next;
            left = left.Length > name.Length ? left[(name.Length + 1)..] : "";
        }

        return Of(path, schema);
    }

    // A name may hold dots (precision_at_recall_0.8), so the longest that fits is taken.
    private static (string Name, JsonNode? Schema) Step(JsonNode schema, string path)
    {
        for (var end = path.Length; end > 0; end = path.LastIndexOf('.', end - 1))
        {
            var name = path[..end];
            var found = schema["properties"]?[name]
                ?? schema["patternProperties"]?.AsObject().FirstOrDefault(p => Regex.IsMatch(name, p.Key)).Value
                ?? (schema["additionalProperties"] is JsonObject any && !name.Contains('.') ? any : null);
            if (found is not null)
                return (name, found);
        }

        return (path, null);
    }

    private static ContractField Of(string path, JsonNode schema)
    {
        var inner = schema["properties"] as JsonObject ?? (schema["additionalProperties"] as JsonObject)?["properties"] as JsonObject;
        var about = (string?)schema["description"] ?? "";
        if (schema["enum"] is JsonArray words)
            about = $"{about} One of {string.Join(", ", words)}.".TrimStart();
        return new ContractField(path, about, inner is null ? [] : [.. Below(path, inner), .. Patterns(path, schema)]);
    }

    private static IEnumerable<ContractField> Below(string path, JsonObject properties) =>
        properties.Select(p => Of(path.Length == 0 ? p.Key : $"{path}.{p.Key}", p.Value!) with { Fields = [] });

    private static IEnumerable<ContractField> Patterns(string path, JsonNode schema) =>
        (schema["patternProperties"] as JsonObject)?.Select(p => new ContractField($"{path}.{(p.Key.StartsWith("^p[", StringComparison.Ordinal) ? "pNN" : p.Key.Trim('^', '$').Replace("[0-9.]+", "X", StringComparison.Ordinal))}", (string?)p.Value!["description"] ?? "", [])) ?? [];
}
