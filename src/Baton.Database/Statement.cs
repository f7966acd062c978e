namespace Baton.Database;

/// <summary>A statement as the engines run it.</summary>
/// <param name="Sql">With <c>$1</c>, <c>$2</c> …, or with <c>{rows}</c> where <paramref name="Rows"/> stand.</param>
/// <param name="Values">One for each numbered parameter; empty where there are rows.</param>
/// <param name="Rows">The columns of the rows it writes, at least one row; null where it has numbered parameters.</param>
/// <param name="Visit">Is shown every row it finds; null where they do not matter.</param>
internal sealed record Statement(string Sql, object?[] Values, RowColumn[]? Rows = null, Action<IRow>? Visit = null);
