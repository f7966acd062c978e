namespace Baton.Statistics;

/// <summary>What a metric is computed from: per row the truth, and the model's score or prediction.</summary>
public sealed class Observations
{
    /// <summary>Rows in any order, the same in each list.</summary>
    /// <param name="labels">Ground truth: 0 or 1 for binary classification, any number for regression.</param>
    /// <param name="scores">Probability (or any rank score) of the positive class; null where the model gives none.</param>
    /// <param name="predictions">
    /// Predicted class or value; null where the model gives none, and classes are then scores of at least <paramref name="threshold"/>, or the
    /// class of the greatest class score.
    /// </param>
    /// <param name="classScores">Per row the score of each class, shape [rows, classes], for labels 0 to classes - 1; null where there is one score.</param>
    /// <param name="weights">Weight of each row, 0 or more, at least one above 0; null counts every row once.</param>
    /// <param name="threshold">Score from which a row is predicted positive.</param>
    /// <exception cref="ArgumentException">No row, unequal lengths, a value that is not finite, or neither scores nor predictions.</exception>
    public Observations(
        IEnumerable<double> labels, IEnumerable<double>? scores = null, IEnumerable<double>? predictions = null,
        IEnumerable<IReadOnlyList<double>>? classScores = null, IEnumerable<double>? weights = null, double threshold = 0.5)
    {
        LabelArray = [.. labels];
        ScoreArray = scores?.ToArray();
        PredictionArray = predictions?.ToArray();
        ClassScoreRows = classScores?.Select(row => row.ToArray()).ToArray();
        WeightArray = weights?.ToArray();
        Threshold = threshold;
        if (LabelArray.Length == 0)
            throw new ArgumentException("There is no row; a metric needs at least one.", nameof(labels));
        if (ScoreArray is null && PredictionArray is null && ClassScoreRows is null)
            throw new ArgumentException("There are neither scores nor predictions; give at least one of them.", nameof(scores));
        CheckClassScores(nameof(classScores));
        Check(WeightArray, "weight", nameof(weights));
        if (WeightArray is not null && (WeightArray.Any(weight => weight < 0) || WeightArray.All(weight => weight == 0)))
            throw new ArgumentException("Weights are 0 or more, and at least one is above 0.", nameof(weights));
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

    /// <summary>Scores by row and class.</summary>
    public IReadOnlyList<IReadOnlyList<double>>? ClassScores => ClassScoreRows;

    /// <summary>Weight of each row.</summary>
    public IReadOnlyList<double>? Weights => WeightArray;

    /// <summary>Score from which a row is predicted positive.</summary>
    public double Threshold { get; }

    internal double[] LabelArray { get; }

    internal double[]? ScoreArray { get; }

    internal double[]? PredictionArray { get; }

    internal double[][]? ClassScoreRows { get; }

    internal double[]? WeightArray { get; }

    /// <summary>Predicted classes: as given, else of the greatest class score (the first of equal ones), else by the threshold.</summary>
    internal double[] ClassArray() => PredictionArray
        ?? (ClassScoreRows is { } rows
            ? Array.ConvertAll(rows, row => (double)Array.IndexOf(row, row.Max()))
            : Array.ConvertAll(ScoreArray!, score => score >= Threshold ? 1.0 : 0.0));

    private void CheckClassScores(string parameter)
    {
        if (ClassScoreRows is not { } rows)
            return;
        if (rows.Length != LabelArray.Length)
            throw new ArgumentException($"There are class scores of {rows.Length} rows for {LabelArray.Length} labels; give one row of each.", parameter);
        for (var row = 0; row < rows.Length; row++)
        {
            if (rows[row].Length < 2 || rows[row].Length != rows[0].Length)
                throw new ArgumentException($"Row {row} (counted from 0) has {rows[row].Length} class scores; expected {Math.Max(2, rows[0].Length)}, one a class.", parameter);
            if (!rows[row].All(double.IsFinite))
                throw new ArgumentException($"A class score of row {row} (counted from 0) is not finite.", parameter);
        }
    }

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
