using System.Text.Json.Nodes;
using Baton.Contracts.Yaml;

namespace Baton.Contracts.Language;

/// <summary>Fields of the owner that stand together under a name: <c>rows: {min: 99.5 %}</c>.</summary>
internal sealed class GroupField<T>(string name, string about, string example, params IReadOnlyList<Field<T>> inner) : Field<T>(name, about)
    where T : class
{
    public override T Read(Fields at, T owner)
    {
        if (at.Open(Name, example) is not { } fields)
            return owner;
        fields.Allow(key => inner.Any(f => f.Takes(key)), [.. inner.SelectMany(f => f.Names)]);
        if (fields.Entries.Count == 0)
            fields.Missing(inner[0].Name, $"{fields.Path} has no bound; write e.g. '{Name}: {example}'");
        return inner.Aggregate(owner, (read, field) => field.Read(fields, read));
    }

    public override IEnumerable<Term> Terms(T owner) => inner.SelectMany(f => f.Terms(owner)).Select(t => t.Below(Name, part: false));

    public override IEnumerable<(string Name, Written Value)> Write(T owner) =>
        inner.SelectMany(f => f.Write(owner)).ToList() is { Count: > 0 } fields ? [(Name, new Written.Map(OneLine: true, fields))] : [];

    protected override JsonObject Schema() => new Shape<T>(() => throw new InvalidOperationException("Only its schema is asked for."), inner).Schema();
}

/// <summary>A part that may be absent.</summary>
internal sealed class PartField<T, TPart>(
    string name, Shape<TPart> shape, Func<T, TPart?> get, Func<T, TPart, T> set, string example, string about) : Field<T>(name, about)
    where TPart : class
{
    public override T Read(Fields at, T owner) => at.Open(Name, example) is { } fields ? set(owner, shape.Read(fields)) : owner;

    public override IEnumerable<Term> Terms(T owner) => get(owner) is { } part ? shape.Terms(part).Select(t => t.Below(Name, part: true)) : [];

    public override IEnumerable<(string Name, Written Value)> Write(T owner) => get(owner) is { } part ? [(Name, shape.Write(part))] : [];

    public override IEnumerable<(string Path, IEnumerable<Term> Terms)> Units(T owner) => get(owner) is { } part ? [(Name, shape.Terms(part))] : [];

    protected override JsonObject Schema() => shape.Schema();
}

/// <summary>Parts by a name of their own: metrics, slices by column, machines.</summary>
/// <param name="name">Its name in the text.</param>
/// <param name="shapeOf">The shape of the part of this name; null for a name that there is not.</param>
/// <param name="blank">A part of this name with nothing but its defaults.</param>
/// <param name="nameOf">The name of a part.</param>
/// <param name="get">The parts.</param>
/// <param name="set">The owner with these parts.</param>
/// <param name="example">A part as it could stand there, <c>NAME: {…}</c>.</param>
/// <param name="about">What it says.</param>
internal sealed class NamedPartsField<T, TPart>(
    string name, Func<string, Shape<TPart>?> shapeOf, Func<string, TPart> blank, Func<TPart, string> nameOf,
    Func<T, IReadOnlyList<TPart>> get, Func<T, IReadOnlyList<TPart>, T> set, (string Name, string Fields) example, string about) : Field<T>(name, about)
    where TPart : class
{
    /// <summary>What one part is called in messages.</summary>
    public required string Noun { get; init; }

    /// <summary>What could stand at a name instead of <c>example</c>.</summary>
    public Func<string, string>? ExampleFor { get; init; }

    /// <summary>The names there are, with the likely one of an unknown name; null where any name will do.</summary>
    public (IReadOnlyList<string> Known, Func<string, string?> Suggest, IReadOnlyList<(string Pattern, string Example)> Patterns)? Closed { get; init; }

    public override T Read(Fields at, T owner)
    {
        if (at.Open(Name, $"{{{example.Name}: {example.Fields}}}") is not { } fields)
            return owner;
        if (fields.Entries.Count == 0)
            fields.Missing("", $"{fields.Path} names no {Noun}; write e.g. '{example.Name}: {example.Fields}', or leave the clause out");
        var parts = new List<TPart>();
        foreach (var entry in fields.Entries)
        {
            if (shapeOf(entry.Key) is not { } shape)
                fields.Unknown(entry, Noun, Closed!.Value.Suggest(entry.Key), Closed.Value.Known);
            else if (NameFault(entry.Key) is { } fault)
                fields.Fault(entry.Key, fault);
            else if (fields.Open(entry, ExampleFor?.Invoke(entry.Key) ?? example.Fields) is { } inner)
                parts.Add(shape.Read(inner, blank(entry.Key)));
        }

        return set(owner, parts);
    }

    public override IEnumerable<(string Path, IEnumerable<Term> Terms)> Units(T owner) =>
        get(owner).Select(part => ($"{Name}.{nameOf(part)}", shapeOf(nameOf(part))!.Terms(part)));

    public override IEnumerable<Term> Terms(T owner) => get(owner)
        .OrderBy(nameOf, StringComparer.Ordinal)
        .SelectMany(part => shapeOf(nameOf(part))!.Terms(part).Select(t => t.Below(nameOf(part), part: true).Below(Name, part: false)));

    public override IEnumerable<(string Name, Written Value)> Write(T owner) => get(owner) is { Count: > 0 } parts
        ? [(Name, new Written.Map(OneLine: false, [.. parts.Select(part => (nameOf(part), (Written)shapeOf(nameOf(part))!.Write(part)))]))]
        : [];

    protected override JsonObject Schema()
    {
        if (Closed is not { } closed)
            return new JsonObject { ["type"] = "object", ["minProperties"] = 1, ["additionalProperties"] = shapeOf(example.Name)!.Schema() };
        var properties = new JsonObject();
        foreach (var known in closed.Known.Where(known => !known.Contains('X')))
            properties[known] = shapeOf(known)!.Schema();
        var patterns = new JsonObject();
        foreach (var (pattern, sample) in closed.Patterns)
            patterns[pattern] = shapeOf(sample)!.Schema();
        return new JsonObject { ["type"] = "object", ["minProperties"] = 1, ["additionalProperties"] = false, ["properties"] = properties, ["patternProperties"] = patterns };
    }

    private static string? NameFault(string name) =>
        name.Trim().Length == 0 || name.Length > 250 || name.Any(char.IsControl) || name != name.Trim()
            ? "a name has 1 to 250 characters, no line breaks, and no spaces at its ends" : null;
}
