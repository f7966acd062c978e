using System.Text.Json.Nodes;
using Baton.Contracts;
using Xunit;

namespace Baton.UnitTests.Contracts;

/// <summary>The schema that editors check with: it knows every field that the parser knows, and takes what contracts are written as.</summary>
public sealed class ContractSchemaTests
{
    private static readonly JsonNode Schema = JsonNode.Parse(ContractSchema.Write())!;

    [Fact]
    public void It_has_every_clause_and_every_metric()
    {
        var clauses = Schema["properties"]!["clauses"]!["properties"]!.AsObject();

        Assert.Equal(
            ["reproduces", "metrics", "fairness", "data", "robustness", "checks", "latency", "memory", "hardware", "package", "provenance", "security", "operations"],
            clauses.Select(c => c.Key));
        Assert.All(MetricNames.All, metric => Assert.NotNull(clauses["metrics"]!["properties"]![metric.Name]));
        Assert.Superset(
            new HashSet<string>(["^precision_at_recall_[0-9.]+$", "^top_[0-9.]+_accuracy$"]),
            clauses["metrics"]!["patternProperties"]!.AsObject().Select(p => p.Key).ToHashSet());
    }

    [Fact]
    public void Every_field_says_what_it_is() => Assert.All(Described(Schema["properties"]!.AsObject()), field =>
        Assert.False(string.IsNullOrWhiteSpace((string?)field.Value!["description"]), field.Key));

    [Fact]
    public void What_any_contract_is_written_with_is_in_it() =>
        CsCheck.Check.Sample(Gens.Contract, contract => Unknown(ContractWriter.Write(contract)) is null, iter: 300);

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Described(JsonObject properties) => properties
        .Where(p => p.Key is not "clauses" && MetricNames.Find(p.Key) is null)
        .Concat(properties.Where(p => p.Value!["properties"] is JsonObject).SelectMany(p => Described((JsonObject)p.Value!["properties"]!)));

    /// <summary>The first field of the text, by indentation, that the schema does not know.</summary>
    private static string? Unknown(string yaml)
    {
        var open = new Stack<(int Indent, JsonNode? Schema)>([(-1, Schema)]);
        foreach (var line in yaml.Split('\n').Where(l => l.Length > 0 && l[0] != '#'))
        {
            var indent = line.Length - line.TrimStart().Length;
            while (open.Peek().Indent >= indent)
                open.Pop();
            var key = Key(line.TrimStart());
            var parent = open.Peek().Schema;
            var child = parent?["properties"]?[key] ?? parent?["patternProperties"]?.AsObject()
                .FirstOrDefault(p => System.Text.RegularExpressions.Regex.IsMatch(key, p.Key)).Value ?? parent?["additionalProperties"] as JsonObject;
            if (child is null)
                return line;
            open.Push((indent, child));
        }

        return null;
    }

    private static string Key(string line)
    {
        if (line[0] != '"')
            return line[..line.IndexOf(':', StringComparison.Ordinal)];
        var end = 1;
        while (line[end] != '"')
            end += line[end] == '\\' ? 2 : 1;
        return (string)JsonNode.Parse(line[..(end + 1)].Replace("\\u", "\\u", StringComparison.Ordinal))!;
    }
}
