using Baton.Database;

namespace Baton.Server.Platform.Search;

/// <summary>What kind of value an order goes by.</summary>
internal enum SortType
{
    Integer,
    Real,
    Text,
}

/// <summary>
/// One column of an order, in SQL of ours. Where values may be missing, <paramref name="Rank"/> says 0 for a value, 1 for NaN, 2 for none: so they
/// come last in both directions, and in that order.
/// </summary>
internal sealed record SortKey(string Value, SortType Type, bool Descending = false, string? Rank = null)
{
    /// <summary>What is to be selected to read a <see cref="SortValue"/>: two columns.</summary>
    public string Columns => $"{Rank ?? "0"}, {Value}";

    public string Order => (Rank is null ? "" : $"{Rank}, ") + Value + (Descending ? " DESC" : "");

    public SortValue Read(IRow row, int column) => row.Integer(column) is > 0 and var rank
        ? new SortValue(rank, null)
        : new SortValue(0, Type switch
        {
            SortType.Integer => row.Integer(column + 1),
            SortType.Real => row.Real(column + 1),
            _ => row.Text(column + 1),
        });
}

/// <summary>Where a row stands in one column of an order: a long, a double or a string, or a rank above 0 and no value.</summary>
internal readonly record struct SortValue(long Rank, object? Value);
