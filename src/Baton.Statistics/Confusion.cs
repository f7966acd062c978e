namespace Baton.Statistics;

/// <summary>How the weight of rows falls on pairs of true and predicted class.</summary>
internal sealed partial class Confusion
{
    private readonly double[,] _weights;
    private readonly double[] _truth;
    private readonly double[] _predicted;

    private Confusion(double[,] weights)
    {
        _weights = weights;
        Classes = weights.GetLength(0);
        (_truth, _predicted) = (new double[Classes], new double[Classes]);
        for (var truth = 0; truth < Classes; truth++)
        {
            for (var predicted = 0; predicted < Classes; predicted++)
            {
                _truth[truth] += weights[truth, predicted];
                _predicted[predicted] += weights[truth, predicted];
                Total += weights[truth, predicted];
            }

            Right += weights[truth, truth];
        }
    }

    private int Classes { get; }

    private double Right { get; }

    private double Total { get; }

    /// <summary>Counts the classes of rows; bound once, evaluated per resample.</summary>
    public static FromRows Bind(Observations observations, Func<Confusion, MetricValue> measure)
    {
        var (cells, classes) = observations.ConfusionCells();
        return weights =>
        {
            var counts = new double[classes * classes];
            for (var row = 0; row < cells.Length; row++)
                counts[cells[row]] += weights[row];
            var table = new double[classes, classes];
            Buffer.BlockCopy(counts, 0, table, 0, counts.Length * sizeof(double));
            return measure(new Confusion(table));
        };
    }

    /// <summary>For each row the number of its true class, times the number of classes, and that of its predicted class.</summary>
    public static (int[] Cells, int Classes) Cells(double[] labels, double[] predictions)
    {
        var found = new HashSet<double>();
        foreach (var column in new[] { labels, predictions })
        {
            var last = double.NaN;
            foreach (var value in column)
            {
                if (value != last)
                    found.Add(last = value);
            }
        }

        double[] classes = [.. found.Order()];
        var cells = new int[labels.Length];
        for (var row = 0; row < cells.Length; row++)
            cells[row] = (Place(labels[row]) * classes.Length) + Place(predictions[row]);
        return (cells, classes.Length);

        int Place(double value) => classes.Length <= 2 ? (value == classes[0] ? 0 : 1) : Array.BinarySearch(classes, value);
    }

    /// <summary>Mean recall of the classes that labels have.</summary>
    public MetricValue BalancedAccuracy()
    {
        var recalls = Enumerable.Range(0, Classes).Where(c => _truth[c] > 0).Select(c => _weights[c, c] / _truth[c]).ToList();
        return MetricValue.Of(recalls.Average());
    }

    /// <summary>Correlation of true and predicted class (Gorodkin 2004 for more than two); 0 where either has one class only.</summary>
    public MetricValue MatthewsCorrelation()
    {
        double cross = 0, truths = 0, predictions = 0;
        for (var c = 0; c < Classes; c++)
        {
            cross += _truth[c] * _predicted[c];
            truths += _truth[c] * _truth[c];
            predictions += _predicted[c] * _predicted[c];
        }

        var spread = ((Total * Total) - truths) * ((Total * Total) - predictions);
        return MetricValue.Of(spread <= 0 ? 0 : ((Right * Total) - cross) / Math.Sqrt(spread));
    }

    /// <summary>Agreement beyond chance (Cohen 1960).</summary>
    public MetricValue CohenKappa()
    {
        var chance = Enumerable.Range(0, Classes).Sum(c => _truth[c] * _predicted[c]) / Total;
        return Total - chance <= 0
            ? MetricValue.Undefined("labels and predictions are all of one class; agreement beyond chance is not defined")
            : MetricValue.Of((Right - chance) / (Total - chance));
    }

    /// <summary>Mean over classes: equally (<c>macro</c>), by their true weight (<c>weighted</c>), or of all rows together (<c>micro</c>).</summary>
    public MetricValue Averaged(string average, Func<double, double, double, double> ofClass)
    {
        if (average == "micro")
            return MetricValue.Of(ofClass(Right, Total, Total));
        // A class that this resample has neither as label nor as prediction is none of its classes.
        var classes = Enumerable.Range(0, Classes).Where(c => _truth[c] + _predicted[c] > 0);
        return MetricValue.Of(average == "macro"
            ? classes.Average(Value)
            : classes.Sum(c => Value(c) * _truth[c]) / Total);

        double Value(int c) => ofClass(_weights[c, c], _predicted[c], _truth[c]);
    }
}
