using System.Text.Json.Nodes;
using Baton.Contracts.Language;

namespace Baton.Contracts;

/// <summary>The contract's language as JSON Schema (draft 2020-12), for completion and checks in editors. What it cannot say, <see cref="ContractParser"/> does.</summary>
public static class ContractSchema
{
    /// <summary>The schema, indented, with <c>\n</c> at the end.</summary>
    public static string Write()
    {
        var root = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Baton handoff contract",
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["required"] = new JsonArray("model", "clauses"),
        };
        var properties = new JsonObject();
        foreach (var (name, schema, _) in ContractShape.Words.SelectMany(word => word.Schemas()))
            properties[name] = schema;
        var clauses = ContractShape.Clauses.Schema();
        clauses["minProperties"] = 1;
        properties["clauses"] = clauses;
        root["properties"] = properties;
        return root.ToJsonString(Documents.Indented) + "\n";
    }
}
