using Baton.Database;

namespace Baton.Server.Platform.Search;

/// <summary>A page of what was found, and where to go on; <see cref="Next"/> is null on the last page.</summary>
internal sealed record Found<T>(IReadOnlyList<T> Rows, string? Next)
{
    public static Found<T> None { get; } = new([], null);
}

/// <summary>Collects a page: a row more than asked for tells that there is another.</summary>
/// <param name="limit">The most rows of the page.</param>
/// <param name="read">Reads a row's own columns.</param>
/// <param name="keysFrom">The column where the order values begin, two for each key.</param>
/// <param name="keys">The order; together unique.</param>
internal sealed class PageRows<T>(long limit, Func<IRow, T> read, int keysFrom, IReadOnlyList<SortKey> keys)
{
    private readonly List<T> _rows = [];
    private IReadOnlyList<SortValue> _last = [];
    private bool _more;

    /// <summary>How many rows a statement must still give: one more than fit.</summary>
    public long Wanted => limit - _rows.Count + 1;

    /// <summary>Whether there is certainly another page.</summary>
    public bool More => _more;

    public void Take(IRow row)
    {
        if (_rows.Count == limit)
        {
            _more = true;
            return;
        }

        _rows.Add(read(row));
        if (_rows.Count == limit)
            _last = [.. keys.Select((key, i) => key.Read(row, keysFrom + 2 * i))];
    }

    /// <summary>The page, with the token of the next one.</summary>
    public Found<T> Ended(string search) => new(_rows, _more ? PageToken.Write(search, _last) : null);
}

/// <summary>Reads a page of one table by one statement.</summary>
/// <param name="Columns">The row's own columns.</param>
/// <param name="Read">Reads them.</param>
/// <param name="From">Tables, joined.</param>
/// <param name="Where">Conditions, all of which hold.</param>
/// <param name="Keys">The order; together unique.</param>
internal sealed record PageRead<T>(string Columns, Func<IRow, T> Read, string From, IReadOnlyList<string> Where, IReadOnlyList<SortKey> Keys)
{
    public async Task<Found<T>> RunAsync(Session session, SqlText sql, string search, IReadOnlyList<SortValue>? after, long limit)
    {
        var where = after is null ? Where : [.. Where, Keyset.After(Keys, after, sql)];
        // A page of no rows still tells if there are any, and where they begin: before the first.
        var rows = new PageRows<T>(limit, Read, Columns.Count(c => c == ',') + 1, Keys);
        var text = $"SELECT {Columns}, {string.Join(", ", Keys.Select(k => k.Columns))} FROM {From} WHERE {string.Join(" AND ", where)} "
            + $"ORDER BY {Keyset.Order(Keys)} LIMIT {sql.Add(rows.Wanted)}";
        await session.ReadPreparedAsync(text, rows.Take, sql.Values);
        return rows.Ended(search);
    }
}
