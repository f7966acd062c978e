namespace Baton.Statistics;

/// <summary>What a bootstrap draws: single rows, or whole groups of rows that belong together (the flights of a day, the visits of a user).</summary>
public sealed class ResamplingUnits
{
    private readonly UnitKind _kind;
    private readonly int[]? _unitOfRow;

    private ResamplingUnits(UnitKind kind, int rows, int count, int[]? unitOfRow)
    {
        _kind = kind;
        _unitOfRow = unitOfRow;
        Rows = rows;
        Count = count;
    }

    private enum UnitKind
    {
        Row,
        Group,
        Whole,
    }

    /// <summary>Number of units.</summary>
    public int Count { get; }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Whether every row is a unit by itself.</summary>
    internal bool ByRows => _kind == UnitKind.Row;

    /// <summary>Unit of each row, from 0.</summary>
    internal int[] UnitOfRow => _unitOfRow ?? [.. Enumerable.Range(0, Rows).Select(UnitOf)];

    /// <summary>Every row by itself.</summary>
    public static ResamplingUnits ByRow(int rows) => new(UnitKind.Row, rows, rows, null);

    /// <summary>Rows with equal keys together.</summary>
    public static ResamplingUnits ByGroup<TKey>(IEnumerable<TKey> keys)
        where TKey : notnull
    {
        var (units, names) = Numbered.Of(keys);
        return new ResamplingUnits(UnitKind.Group, units.Length, names.Length, units);
    }

    /// <summary>What a metric draws by default: whole queries where rows answer queries, else rows.</summary>
    public static ResamplingUnits For(Metric metric, Observations observations) =>
        observations.QueryOfRow is { } queries && metric.Facts.Tasks.Contains("ranking", StringComparison.Ordinal)
            ? ByGroup(queries)
            : ByRow(observations.Count);

    /// <summary>All rows in one unit: the whole as it is.</summary>
    internal static ResamplingUnits Whole(int rows) => new(UnitKind.Whole, rows, 1, null);

    /// <summary>Unit of a row, from 0.</summary>
    internal int UnitOf(int row) => _kind switch
    {
        UnitKind.Row => row,
        UnitKind.Whole => 0,
        _ => _unitOfRow![row],
    };
}

/// <summary>Keys as numbers from 0, in the order in which they first appear.</summary>
internal static class Numbered
{
    public static (int[] Numbers, TKey[] Keys) Of<TKey>(IEnumerable<TKey> keys)
        where TKey : notnull
    {
        var numbers = new Dictionary<TKey, int>();
        int[] ofRows = [.. keys.Select(key => numbers.TryGetValue(key, out var number) ? number : numbers[key] = numbers.Count)];
        return (ofRows, [.. numbers.Keys]);
    }
}
