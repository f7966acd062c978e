namespace Baton.Storage.Tables;

/// <summary>What a table file tells before its values are read.</summary>
/// <param name="Rows">Number of rows.</param>
/// <param name="Columns">Names of the columns in their order.</param>
public sealed record TableHead(long Rows, IReadOnlyList<string> Columns)
{
    /// <summary>Type of each column's values as SQL names it, <c>VARCHAR</c>, <c>BIGINT</c>, <c>DOUBLE</c> …, or its .NET name where there is none; <c>nested</c> for lists and structures.</summary>
    public IReadOnlyList<(string Name, string Type)> Types { get; init; } = [];
}
