using System.Text.Json.Nodes;
using Baton.Contracts.Yaml;

namespace Baton.Contracts.Language;

/// <summary>
/// The fields of one part of a contract. Said once, it serves the reader, the writer, the canonical form, the diff and the JSON Schema, so that none of them can
/// forget a field.
/// </summary>
/// <param name="blank">The part with nothing but its defaults.</param>
/// <param name="fields">Its fields, in the order of a contract.</param>
internal sealed class Shape<T>(Func<T> blank, params IReadOnlyList<Field<T>> fields)
    where T : class
{
    /// <summary>Its fields.</summary>
    public IReadOnlyList<Field<T>> Fields => fields;

    /// <summary>Reports what no single field can: that nothing is demanded, that one field needs another.</summary>
    public Action<Fields, T>? Check { get; init; }

    /// <summary>Whether it is written on one line.</summary>
    public bool OneLine { get; init; }

    /// <summary>A comment beside its name.</summary>
    public string? Comment { get; init; }

    public T Read(Fields at) => Read(at, blank());

    /// <summary>Reads the fields over a part that has some already, such as its name.</summary>
    public T Read(Fields at, T part)
    {
        at.Allow(key => fields.Any(f => f.Takes(key)), [.. fields.SelectMany(f => f.Names)]);
        part = fields.Aggregate(part, (read, field) => field.Read(at, read));
        Check?.Invoke(at, part);
        return part;
    }

    public IEnumerable<Term> Terms(T part) => fields.SelectMany(f => f.Terms(part));

    public Written.Map Write(T part) => new(OneLine, [.. fields.SelectMany(f => f.Write(part))], Comment);

    public JsonObject Schema()
    {
        var (named, patterns, required) = (new JsonObject(), new JsonObject(), new JsonArray());
        foreach (var field in fields)
        {
            foreach (var (name, schema, isPattern) in field.Schemas())
                (isPattern ? patterns : named)[name] = schema;
            if (field.Required)
                required.Add(field.Names[0]);
        }

        var result = new JsonObject { ["type"] = "object", ["additionalProperties"] = false };
        if (named.Count > 0)
            result["properties"] = named;
        if (patterns.Count > 0)
            result["patternProperties"] = patterns;
        if (required.Count > 0)
            result["required"] = required;
        return result;
    }

    /// <summary>A check that some field stands there: <c>PATH has no bound; write e.g. 'NAME: EXAMPLE'</c>.</summary>
    public static Action<Fields, T> Bounded(string name, string example, string needs = "bound") => (at, _) =>
    {
        if (at.Entries.Count == 0)
            at.Missing(name, $"{at.Path} has no {needs}; write e.g. '{example}'");
    };
}
