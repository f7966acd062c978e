namespace Baton.Statistics;

/// <summary>What a row costs by its true and its predicted class; a negative cost is a gain.</summary>
public sealed class CostTable
{
    private readonly double[][] _costs;

    /// <summary>Costs, shape [true class, predicted class], for classes 0 to one less than its size.</summary>
    /// <param name="costs">Rows of finite numbers, as many as there are rows.</param>
    /// <exception cref="ArgumentException">Not square, or not finite.</exception>
    public CostTable(IEnumerable<IReadOnlyList<double>> costs)
    {
        _costs = [.. costs.Select(row => row.ToArray())];
        if (_costs.Length < 2 || Array.Exists(_costs, row => row.Length != _costs.Length || !row.All(double.IsFinite)))
            throw new ArgumentException("A table of costs is square, of two classes or more, and its costs are finite.", nameof(costs));
    }

    /// <summary>Costs of the four cells of a binary confusion matrix.</summary>
    /// <param name="falsePositive">Of a negative row predicted positive.</param>
    /// <param name="falseNegative">Of a positive row predicted negative.</param>
    /// <param name="truePositive">Of a positive row predicted positive.</param>
    /// <param name="trueNegative">Of a negative row predicted negative.</param>
    public static CostTable Binary(double falsePositive, double falseNegative, double truePositive = 0, double trueNegative = 0) =>
        new([[trueNegative, falsePositive], [falseNegative, truePositive]]);

    /// <summary>Number of classes.</summary>
    public int Classes => _costs.Length;

    /// <summary>Cost of a row.</summary>
    public double this[int truth, int predicted] => _costs[truth][predicted];
}
