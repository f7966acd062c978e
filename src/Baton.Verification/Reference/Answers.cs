using System.Globalization;

namespace Baton.Verification.Reference;

/// <summary>What a model answers to the reference inputs, row by row: as stored by its training framework, or as given when it was run here.</summary>
/// <param name="Scores">Score of the positive class; null where there is none.</param>
/// <param name="Predictions">Predicted class or value; null where there is none.</param>
internal sealed record Answers(double[]? Scores, PredictedValues? Predictions)
{
    /// <summary>Per row the score of each class; null where there is one score or none.</summary>
    public double[][]? ClassScores { get; init; }

    /// <summary>The first row with a score or a predicted number that is not finite; null where there is none.</summary>
    public int? FirstNotFinite
    {
        get
        {
            var rows = Scores?.Length ?? ClassScores?.Length ?? Predictions?.Count ?? 0;
            for (var row = 0; row < rows; row++)
            {
                if (Numbers(row).Any(number => !double.IsFinite(number)))
                    return row;
            }

            return null;
        }
    }

    /// <summary>The scores of a row, those of its classes, and its prediction where that is a number.</summary>
    public IEnumerable<double> Numbers(int row) =>
    [
        .. Scores is null ? [] : new[] { Scores[row] },
        .. ClassScores is null ? [] : ClassScores[row],
        .. Predictions?.Numbers is { } numbers ? new[] { numbers[row] } : [],
    ];

    /// <summary>
    /// How far apart two rows are: the greatest difference of a score, or of the predicted number where there is no score; infinite where only one of them is
    /// a number, or where predicted texts differ. Two that are not numbers are the same.
    /// </summary>
    public static double Distance(Answers left, int at, Answers right, int there)
    {
        if (left.Scores is null && left.ClassScores is null && left.Predictions is { Numbers: null } texts)
            return right.Predictions is { } others && texts[at] == others[there] ? 0 : double.PositiveInfinity;
        var (mine, theirs) = (left.Numbers(at).ToArray(), right.Numbers(there).ToArray());
        return mine.Length == theirs.Length ? mine.Zip(theirs, Apart).DefaultIfEmpty(0).Max() : double.PositiveInfinity;
    }

    /// <summary>The difference of two numbers: none for two that are not numbers, infinite for one that is not.</summary>
    public static double Apart(double left, double right)
    {
        if ((double.IsNaN(left) && double.IsNaN(right)) || left == right)
            return 0;
        var difference = Math.Abs(left - right);
        return double.IsNaN(difference) ? double.PositiveInfinity : difference;
    }

    /// <summary>The answers of these rows.</summary>
    public Answers At(IReadOnlyList<int> places) => new(Pick(Scores, places), Predictions?.At(places)) { ClassScores = Pick(ClassScores, places) };

    /// <summary>Answers one after the other; all of them must have the same parts.</summary>
    public static Answers Joined(IReadOnlyList<Answers> parts) => new(
        parts.Any(p => p.Scores is null) ? null : [.. parts.SelectMany(p => p.Scores!)],
        parts.Any(p => p.Predictions is null) ? null : PredictedValues.Joined([.. parts.Select(p => p.Predictions!)]))
    {
        ClassScores = parts.Any(p => p.ClassScores is null) ? null : [.. parts.SelectMany(p => p.ClassScores!)],
    };

    private static T[]? Pick<T>(T[]? values, IReadOnlyList<int> places) => values is null ? null : [.. places.Select(p => values[p])];
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

    /// <summary>The predictions of these rows.</summary>
    public PredictedValues At(IReadOnlyList<int> places) => Numbers is null
        ? new PredictedValues([.. places.Select(p => _texts![p])])
        : new PredictedValues([.. places.Select(p => Numbers[p])]);

    /// <summary>Predictions one after the other: texts as soon as one of them is.</summary>
    public static PredictedValues Joined(IReadOnlyList<PredictedValues> parts) => parts.All(p => p.Numbers is not null)
        ? new PredictedValues([.. parts.SelectMany(p => p.Numbers!)])
        : new PredictedValues([.. parts.SelectMany(p => Enumerable.Range(0, p.Count).Select(i => p[i]))]);
}
