namespace Baton.Server.Platform.Search;

/// <summary>A filter as a tree.</summary>
internal abstract record Condition
{
    /// <summary>Every comparison in it, from left to right.</summary>
    public IEnumerable<Comparison> Comparisons => this switch
    {
        Comparison one => [one],
        Negation not => not.Inner.Comparisons,
        AllOf all => all.Parts.SelectMany(p => p.Comparisons),
        AnyOf any => any.Parts.SelectMany(p => p.Comparisons),
        _ => [],
    };

    /// <summary>The same filter about other fields.</summary>
    public Condition About(Func<Field, Field> other) => this switch
    {
        Comparison one => one with { Field = other(one.Field) },
        Negation not => new Negation(not.Inner.About(other)),
        AllOf all => new AllOf([.. all.Parts.Select(p => p.About(other))]),
        AnyOf any => new AnyOf([.. any.Parts.Select(p => p.About(other))]),
        _ => this,
    };
}

/// <summary>All of the parts hold; there are at least two.</summary>
internal sealed record AllOf(IReadOnlyList<Condition> Parts) : Condition;

/// <summary>At least one of the parts holds; there are at least two.</summary>
internal sealed record AnyOf(IReadOnlyList<Condition> Parts) : Condition;

/// <summary>The inner condition does not hold: of all rows, those that it does not match.</summary>
internal sealed record Negation(Condition Inner) : Condition;

/// <summary>A field against values: one, two for <see cref="Comparator.Between"/>, any number for <see cref="Comparator.In"/>, none for null tests.</summary>
internal sealed record Comparison(Field Field, Comparator Comparator, IReadOnlyList<Literal> Values) : Condition;
