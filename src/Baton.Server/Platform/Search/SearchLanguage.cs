namespace Baton.Server.Platform.Search;

/// <summary>An attribute of what is searched: its proper name and what may be done with it.</summary>
/// <param name="Name">The proper name; aliases lead to it.</param>
/// <param name="IsNumber">Compared as a number, else as a text.</param>
/// <param name="TakesQuotedNumber">A number may stand in quotes.</param>
/// <param name="TakesNumber">A text attribute that a number may be compared with too.</param>
internal sealed record SearchAttribute(string Name, bool IsNumber = false, bool TakesQuotedNumber = false, bool TakesNumber = false);

/// <summary>The words that filters and orders of one kind of thing may use; the grammar is the same for all.</summary>
internal sealed record SearchLanguage
{
    /// <summary>What is searched, for the page token: <c>runs</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>The words before the first dot.</summary>
    public required IReadOnlyDictionary<string, FieldKind> Entities { get; init; }

    /// <summary>Attributes by each of their names.</summary>
    public required IReadOnlyDictionary<string, SearchAttribute> Attributes { get; init; }

    /// <summary>Attributes that order_by takes, by each of their names.</summary>
    public required IReadOnlyDictionary<string, SearchAttribute> Orders { get; init; }

    /// <summary>What order_by takes besides attributes.</summary>
    public IReadOnlySet<FieldKind> OrderKinds { get; init; } = new HashSet<FieldKind>();

    /// <summary>What is said of another word before the first dot.</summary>
    public required Func<string, string> UnknownEntity { get; init; }

    /// <summary>A table of attributes by all their names; an alias is <c>alias=name</c> of one given.</summary>
    public static IReadOnlyDictionary<string, SearchAttribute> Table(IEnumerable<SearchAttribute> attributes, params string[] aliases)
    {
        var table = attributes.ToDictionary(a => a.Name);
        foreach (var alias in aliases)
        {
            var parts = alias.Split('=');
            table.Add(parts[0], table[parts[1]]);
        }

        return table;
    }
}
