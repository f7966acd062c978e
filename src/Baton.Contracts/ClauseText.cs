using System.Text;
using Baton.Contracts.Language;
using Baton.Contracts.Yaml;

namespace Baton.Contracts;

/// <summary>One clause of a contract as a text of its own: what a counter-offer proposes.</summary>
public static class ClauseText
{
    /// <summary>
    /// The clause of a contract that a name speaks of: <c>metrics.roc_auc</c> for itself and for <c>metrics.roc_auc.slices.origin</c>. Null where the contract has none.
    /// </summary>
    public static string? Find(Contract contract, string name) => Demands.Of(contract)
        .Select(unit => unit.Clause)
        .Where(clause => name == clause || name.StartsWith(clause + ".", StringComparison.Ordinal))
        .MaxBy(clause => clause.Length);

    /// <summary>The fields of a clause as YAML, <c>\n</c> at the end of each line; null where the contract has no such clause.</summary>
    public static string? Of(Contract contract, string clause)
    {
        Written? found = ContractShape.Clauses.Write(contract);
        foreach (var name in clause.Split('.', 2))
            found = found is Written.Map map ? map.Fields.FirstOrDefault(f => f.Name == name).Value : null;
        if (found is not Written.Map fields)
            return null;
        var yaml = new StringBuilder();
        Written.Print(yaml, "", fields.Fields);
        return yaml.ToString();
    }

    /// <summary>A contract with the fields of one clause put in place of those it had. Places in problems are those of <paramref name="change"/>.</summary>
    /// <param name="document">A contract's text, without faults.</param>
    /// <param name="clause">A clause that it has, as <see cref="Find"/> names it.</param>
    /// <param name="change">The clause's fields, YAML: <c>{min: 0.58}</c>.</param>
    public static ContractParseResult Replace(string document, string clause, string change)
    {
        var log = new ProblemLog();
        if (YamlTree.Read(change, log) is not { } fields)
            return new ContractParseResult(null, log.InOrder());
        var whole = YamlTree.Read(document, new ProblemLog()) ?? throw new ArgumentException("The document is no contract.", nameof(document));
        var contract = ContractShape.Read(With(whole, ["clauses", .. clause.Split('.', 2)], fields), log);
        var problems = log.InOrder();
        return new ContractParseResult(problems.Count == 0 ? contract : null, problems);
    }

    private static MappingNode With(MappingNode node, ReadOnlySpan<string> path, MappingNode value)
    {
        var entries = node.Entries.ToList();
        var name = path[0];
        var at = entries.FindIndex(e => e.Key == name);
        if (at < 0)
            throw new ArgumentException($"The document has no '{name}'.", nameof(node));
        entries[at] = entries[at] with { Value = path.Length == 1 ? value : With((MappingNode)entries[at].Value, path[1..], value) };
        return node with { Entries = entries };
    }
}
