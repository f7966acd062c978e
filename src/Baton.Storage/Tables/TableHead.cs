namespace Baton.Storage.Tables;

/// <summary>What a table file tells before its values are read.</summary>
/// <param name="Rows">Number of rows.</param>
/// <param name="Columns">Names of the columns in their order.</param>
public sealed record TableHead(long Rows, IReadOnlyList<string> Columns);
