using System.Text;

namespace Baton.Contracts.Language;

/// <summary>What is to be written as YAML: a scalar as it stands there, or fields.</summary>
internal abstract record Written
{
    private Written()
    {
    }

    /// <summary>A quantity or a word, ready to stand anywhere.</summary>
    public sealed record Ready(string Yaml) : Written;

    /// <summary>A text, to be quoted where it must be.</summary>
    public sealed record Text(string Value) : Written;

    /// <summary>A list of texts, on one line.</summary>
    public sealed record List(IReadOnlyList<string> Items) : Written;

    /// <summary>Fields, on one line or each on its own.</summary>
    public sealed record Map(bool OneLine, IReadOnlyList<(string Name, Written Value)> Fields, string? Comment = null) : Written;

    /// <summary>The YAML text of fields at some depth, with <c>\n</c> at the end of each line.</summary>
    public static void Print(StringBuilder yaml, string indent, IEnumerable<(string Name, Written Value)> fields)
    {
        foreach (var (name, value) in fields)
        {
            if (value is Map { OneLine: false, Fields.Count: > 0 } map)
            {
                var comment = map.Comment is null ? "" : $"{new string(' ', Math.Max(1, 30 - indent.Length - name.Length - 1))}# {map.Comment}";
                yaml.Append($"{indent}{YamlScalar.Of(name)}:{comment}\n");
                Print(yaml, indent + "  ", map.Fields);
            }
            else
                yaml.Append($"{indent}{YamlScalar.Of(name)}: {OnOneLine(value, flow: false)}\n");
        }
    }

    private static string OnOneLine(Written value, bool flow) => value switch
    {
        Ready ready => ready.Yaml,
        Text text => YamlScalar.Of(text.Value, flow),
        List list => $"[{string.Join(", ", list.Items.Select(item => YamlScalar.Of(item, flow: true)))}]",
        Map map => $"{{{string.Join(", ", map.Fields.Select(f => $"{YamlScalar.Of(f.Name, flow: true)}: {OnOneLine(f.Value, flow: true)}"))}}}",
        _ => throw new InvalidOperationException($"Nothing writes {value.GetType().Name}."),
    };
}
