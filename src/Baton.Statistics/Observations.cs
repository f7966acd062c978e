namespace Baton.Statistics;

/// <summary>What a metric is computed from: per row the truth, and the model's score or prediction.</summary>
public sealed class Observations
{
    /// <summary>Rows in any order, the same in each list.</summary>
    /// <param name="labels">Ground truth: 0 or 1 for binary classification, any number for regression.</param>
    /// <param name="scores">Probability (or any rank score) of the positive class; null where the model gives none.</param>
    /// <param name="predictions">Predicted class or value; null where the model gives none, and classes are then scores of at least 0.5.</param>
    /// <exception cref="ArgumentException">No row, unequal lengths, a value that is not finite, or neither scores nor predictions.</exception>
    public Observations(IEnumerable<double> labels, IEnumerable<double>? scores = null, IEnumerable<double>? predictions = null)
    {
        LabelArray = [.. labels];
        ScoreArray = scores?.ToArray();
        PredictionArray = predictions?.ToArray();
        if (LabelArray.Length == 0)
            throw new ArgumentException("There is no row; a metric needs at least one.", nameof(labels));
        if (ScoreArray is null && PredictionArray is null)
            throw new ArgumentException("There are neither scores nor predictions; give at least one of them.", nameof(scores));
        Check(LabelArray, "label", nameof(labels));
        Check(ScoreArray, "score", nameof(scores));
        Check(PredictionArray, "prediction", nameof(predictions));
    }

    /// <summary>Number of rows.</summary>
    public int Count => LabelArray.Length;

    /// <summary>Ground truth.</summary>
    public IReadOnlyList<double> Labels => LabelArray;

    /// <summary>Scores of the positive class.</summary>
    public IReadOnlyList<double>? Scores => ScoreArray;

    /// <summary>Predicted classes or values.</summary>
    public IReadOnlyList<double>? Predictions => PredictionArray;

    internal double[] LabelArray { get; }

    internal double[]? ScoreArray { get; }

    internal double[]? PredictionArray { get; }

    private void Check(double[]? column, string name, string parameter)
    {
        if (column is null)
            return;
        if (column.Length != LabelArray.Length)
            throw new ArgumentException($"There are {column.Length} {name}s for {LabelArray.Length} labels; give one of each per row.", parameter);
        var bad = Array.FindIndex(column, value => !double.IsFinite(value));
        if (bad >= 0)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"The {name} of row {bad} (counted from 0) is {column[bad]}; expected a finite number."), parameter);
        }
    }
}
