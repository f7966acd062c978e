namespace Baton.Statistics;

/// <summary>Errors of the naive forecast on a history: the scale that an error is told in.</summary>
/// <param name="Absolute">Mean absolute error, in the units of the values.</param>
/// <param name="Squared">Mean squared error, in their square.</param>
public readonly record struct NaiveScale(double Absolute, double Squared);

/// <summary>Predictions that need no model, to be scored by the same metrics: whatever a model is worth, it is worth more than these.</summary>
public static class Baselines
{
    /// <summary>The most frequent training label for every row; of equally frequent ones the least.</summary>
    /// <param name="training">Labels, at least one.</param>
    /// <param name="rows">Rows to predict.</param>
    public static double[] MajorityClass(IReadOnlyList<double> training, int rows) =>
        Constant(Some(training).GroupBy(label => label).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).First().Key, rows);

    /// <summary>The share of each class among training labels, as class scores of every row: shape [rows, classes].</summary>
    /// <param name="training">Labels 0 to <paramref name="classes"/> - 1, at least one.</param>
    /// <param name="rows">Rows to predict.</param>
    /// <param name="classes">Number of classes; the score of a binary classifier is the second of two.</param>
    public static double[][] Prior(IReadOnlyList<double> training, int rows, int classes)
    {
        var shares = new double[classes];
        foreach (var label in Some(training))
        {
            if (!(label >= 0 && label < classes && label == Math.Floor(label)))
                throw new ArgumentException(FormattableString.Invariant($"The label {label} is no class of 0 to {classes - 1}."), nameof(training));
            shares[(int)label] += 1.0 / training.Count;
        }

        return [.. Enumerable.Range(0, rows).Select(_ => (double[])shares.Clone())];
    }

    /// <summary>Classes drawn by the shares of training labels; the same seed draws the same.</summary>
    /// <param name="training">Labels, at least one.</param>
    /// <param name="rows">Rows to predict.</param>
    /// <param name="seed">Seed.</param>
    public static double[] Stratified(IReadOnlyList<double> training, int rows, ulong seed = Bootstrap.DefaultSeed)
    {
        var (random, labels) = (new SplitMix(seed, 0), Some(training));
        var drawn = new double[rows];
        for (var row = 0; row < rows; row++)
            drawn[row] = labels[random.Below(labels.Count)];
        return drawn;
    }

    /// <summary>The mean of training labels for every row.</summary>
    public static double[] Mean(IReadOnlyList<double> training, int rows) => Constant(Some(training).Average(), rows);

    /// <summary>The median of training labels for every row.</summary>
    public static double[] Median(IReadOnlyList<double> training, int rows)
    {
        double[] sorted = [.. Some(training).Order()];
        return Constant((sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, rows);
    }

    /// <summary>The last value of a history for every step ahead.</summary>
    public static double[] LastValue(IReadOnlyList<double> history, int steps) => Constant(Some(history)[^1], steps);

    /// <summary>The value of the last season at the same place in it, for each step ahead.</summary>
    /// <param name="history">Values in order of time, at least one season.</param>
    /// <param name="season">Steps of a season, 1 or more; 1 is the last value.</param>
    /// <param name="steps">Steps ahead.</param>
    public static double[] SeasonalNaive(IReadOnlyList<double> history, int season, int steps)
    {
        CheckSeason(history, season, 0);
        return [.. Enumerable.Range(0, steps).Select(step => history[history.Count - season + (step % season)])];
    }

    /// <summary>Errors of the seasonal naive forecast, one season back, on the history itself: the denominators of MASE and RMSSE.</summary>
    /// <param name="history">Values in order of time, at least one more than a season.</param>
    /// <param name="season">Steps of a season, 1 or more.</param>
    public static NaiveScale NaiveScale(IReadOnlyList<double> history, int season)
    {
        CheckSeason(history, season, 1);
        double[] errors = [.. Enumerable.Range(season, history.Count - season).Select(t => Math.Abs(history[t] - history[t - season]))];
        return new NaiveScale(errors.Average(), errors.Average(error => error * error));
    }

    private static double[] Constant(double value, int rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        var values = new double[rows];
        Array.Fill(values, value);
        return values;
    }

    private static IReadOnlyList<double> Some(IReadOnlyList<double> values) =>
        values.Count > 0 ? values : throw new ArgumentException("There is no value to learn a baseline from.", nameof(values));

    private static void CheckSeason(IReadOnlyList<double> history, int season, int more)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(season, 1);
        if (history.Count < season + more)
            throw new ArgumentException($"The history has {history.Count} values; a season of {season} needs at least {season + more}.", nameof(history));
    }
}
