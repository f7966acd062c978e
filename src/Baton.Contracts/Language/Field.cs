using System.Text.Json.Nodes;
using Baton.Contracts.Yaml;

namespace Baton.Contracts.Language;

/// <summary>A field of some part of a contract.</summary>
/// <param name="name">Its name in the text.</param>
/// <param name="about">What it says, one sentence, for editors and the reference.</param>
internal abstract class Field<T>(string name, string about)
{
    public string Name => name;

    public string About => about;

    /// <summary>Whether a contract without it is refused.</summary>
    public bool Required { get; init; }

    /// <summary>The names that can stand there, for messages.</summary>
    public virtual IReadOnlyList<string> Names => [name];

    /// <summary>Whether a name in the text is this field.</summary>
    public virtual bool Takes(string key) => key == name;

    /// <summary>The owner with the field as the text has it; unchanged where it is absent or wrong.</summary>
    public abstract T Read(Fields at, T owner);

    /// <summary>The values in it.</summary>
    public abstract IEnumerable<Term> Terms(T owner);

    /// <summary>What is written for it; nothing where there is nothing to say.</summary>
    public abstract IEnumerable<(string Name, Written Value)> Write(T owner);

    /// <summary>The parts in it that come and go as a whole, in the order of the text, with their values.</summary>
    public virtual IEnumerable<(string Path, IEnumerable<Term> Terms)> Units(T owner) => [];

    /// <summary>What JSON Schema says of it, by name or by pattern of names.</summary>
    public virtual IEnumerable<(string Name, JsonObject Schema, bool IsPattern)> Schemas() => [(name, Described(Schema()), false)];

    protected abstract JsonObject Schema();

    protected JsonObject Described(JsonObject schema)
    {
        schema["description"] = schema["description"] is { } kind && (string)kind! is { Length: > 0 } more ? $"{about} {more}" : about;
        return schema;
    }
}

/// <summary>A quantity or a word.</summary>
internal sealed class ValueField<T>(string name, Kind kind, Func<T, object?> get, Func<T, object, T> set, Tighter direction, string about) : Field<T>(name, about)
{
    /// <summary>What is wrong with a value that reads well; null where nothing is.</summary>
    public Func<object, string?>? Refuse { get; init; }

    /// <summary>A value that is not written out.</summary>
    public object? Unwritten { get; init; }

    public override T Read(Fields at, T owner) => at.Read(Name, kind, Refuse) is { } value ? set(owner, value) : owner;

    public override IEnumerable<Term> Terms(T owner) =>
        [get(owner) is { } value ? new Term(Name, value, kind.Write(value), kind.Canon(value), direction) : new Term(Name, null, null, null, direction)];

    public override IEnumerable<(string Name, Written Value)> Write(T owner) =>
        get(owner) is { } value && !value.Equals(Unwritten) ? [(Name, new Written.Ready(kind.Write(value)))] : [];

    protected override JsonObject Schema() => (JsonObject)kind.Schema.DeepClone();
}

/// <summary>A text.</summary>
internal sealed class TextField<T>(
    string name, Func<T, string?> get, Func<T, string, T> set, string about, int longest = 250, bool lines = false, Tighter direction = Tighter.Neither)
    : Field<T>(name, about)
{
    public override T Read(Fields at, T owner) => at.Text(Name, longest, lines) is { } text ? set(owner, text) : owner;

    public override IEnumerable<Term> Terms(T owner) =>
        [get(owner) is { } text ? new Term(Name, text, text, Kind.Quote(text), direction) : new Term(Name, null, null, null, direction)];

    public override IEnumerable<(string Name, Written Value)> Write(T owner) => get(owner) is { } text ? [(Name, new Written.Text(text))] : [];

    protected override JsonObject Schema() => new() { ["type"] = "string", ["maxLength"] = longest };
}

/// <summary>A list of texts, in ordinal order and without twins whatever order they were written in.</summary>
internal sealed class ListField<T>(string name, Func<T, IReadOnlyList<string>> get, Func<T, IReadOnlyList<string>, T> set, Tighter direction, string about)
    : Field<T>(name, about)
{
    /// <summary>The words that it may hold; null for any text.</summary>
    public IReadOnlyList<string>? Words { get; init; }

    public override T Read(Fields at, T owner) =>
        at.Texts(Name, Words) is { } texts ? set(owner, [.. texts.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]) : owner;

    public override IEnumerable<Term> Terms(T owner) => get(owner) is { Count: > 0 } items
        ? [new Term(Name, items, string.Join(", ", items), $"[{string.Join(", ", items.Select(Kind.Quote))}]", direction)]
        : [new Term(Name, null, null, null, direction)];

    public override IEnumerable<(string Name, Written Value)> Write(T owner) => get(owner) is { Count: > 0 } items ? [(Name, new Written.List(items))] : [];

    protected override JsonObject Schema()
    {
        var item = new JsonObject { ["type"] = "string" };
        if (Words is not null)
            item["enum"] = new JsonArray([.. Words.Select(w => JsonValue.Create(w))]);
        return new JsonObject { ["type"] = "array", ["items"] = item, ["minItems"] = 1 };
    }
}
