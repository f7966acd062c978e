namespace Baton.Contracts.Language;

/// <summary>Which way a value must move for more to be promised.</summary>
internal enum Tighter
{
    /// <summary>Neither way: something else is promised.</summary>
    Neither,

    /// <summary>A higher value promises more.</summary>
    Higher,

    /// <summary>A lower value promises more.</summary>
    Lower,

    /// <summary>A list that holds all of the other promises more.</summary>
    Longer,

    /// <summary>Words only.</summary>
    Words,
}

/// <summary>One value of a contract, as its canonical form and its diff see it.</summary>
/// <param name="Path">Where it stands, below its owner.</param>
/// <param name="Value">The value, comparable; null where there is none.</param>
/// <param name="Text">As people write it.</param>
/// <param name="Canon">As the canonical form writes it.</param>
/// <param name="Direction">Which way is tighter.</param>
internal sealed record Term(string Path, object? Value, string? Text, string? Canon, Tighter Direction)
{
    /// <summary>The part of a clause that the value belongs to (<c>against_production</c>, <c>slices.origin</c>): it comes and goes as a whole. Empty for the clause itself.</summary>
    public string Part { get; init; } = "";

    /// <summary>The same value seen from one level further up.</summary>
    public Term Below(string name, bool part) => this with
    {
        Path = $"{name}.{Path}",
        Part = Part.Length > 0 ? $"{name}.{Part}" : part ? name : "",
    };
}
