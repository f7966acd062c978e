using System.Globalization;

namespace Baton.Verification.Reference;

/// <summary>What a model answers to the reference inputs, row by row: as stored by its training framework, or as given when it was run here.</summary>
/// <param name="Scores">Score of the positive class; null where there is none.</param>
/// <param name="Predictions">Predicted class or value; null where there is none.</param>
internal sealed record Answers(double[]? Scores, PredictedValues? Predictions)
{
    /// <summary>What <c>reproduces</c> compares: the scores where both have them, else the predicted values where both have numbers; null where neither is so.</summary>
    public static (double[] Stored, double[] Rerun)? Alike(Answers stored, Answers rerun) =>
        (stored.Scores, rerun.Scores) is ({ } expected, { } actual) ? (expected, actual)
        : (stored.Predictions?.Numbers, rerun.Predictions?.Numbers) is ({ } values, { } again) ? (values, again)
        : null;
}

/// <summary>Predicted classes or values: numbers, or texts.</summary>
internal sealed class PredictedValues
{
    private readonly string[]? _texts;

    /// <summary>Numbers: class numbers or values.</summary>
    public PredictedValues(double[] numbers) => Numbers = numbers;

    /// <summary>Names of classes.</summary>
    public PredictedValues(string[] texts) => _texts = texts;

    /// <summary>The numbers; null where the predictions are texts.</summary>
    public double[]? Numbers { get; }

    /// <summary>Number of rows.</summary>
    public int Count => Numbers?.Length ?? _texts!.Length;

    /// <summary>The prediction of a row as text, the same for equal numbers of any type.</summary>
    public string this[int row] => Numbers is null ? _texts![row] : Numbers[row].ToString("R", CultureInfo.InvariantCulture);
}
