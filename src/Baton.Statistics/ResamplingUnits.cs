namespace Baton.Statistics;

/// <summary>What a bootstrap draws: single rows, or whole groups of rows that belong together (the flights of a day, the visits of a user).</summary>
public sealed class ResamplingUnits
{
    private ResamplingUnits(int[] unitOfRow, int count)
    {
        UnitOfRow = unitOfRow;
        Count = count;
    }

    /// <summary>Number of units.</summary>
    public int Count { get; }

    /// <summary>Number of rows.</summary>
    public int Rows => UnitOfRow.Length;

    /// <summary>Unit of each row, from 0.</summary>
    internal int[] UnitOfRow { get; }

    /// <summary>Every row by itself.</summary>
    public static ResamplingUnits ByRow(int rows) => new([.. Enumerable.Range(0, rows)], rows);

    /// <summary>Rows with equal keys together.</summary>
    public static ResamplingUnits ByGroup<TKey>(IEnumerable<TKey> keys)
        where TKey : notnull
    {
        var numbers = new Dictionary<TKey, int>();
        var units = keys.Select(key => numbers.TryGetValue(key, out var number) ? number : numbers[key] = numbers.Count).ToArray();
        return new ResamplingUnits(units, numbers.Count);
    }

    /// <summary>All rows in one unit: the whole as it is.</summary>
    internal static ResamplingUnits Whole(int rows) => new(new int[rows], 1);
}
