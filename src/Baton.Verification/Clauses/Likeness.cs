using Baton.Contracts;
using Baton.Verification.Reference;

namespace Baton.Verification.Clauses;

/// <summary>How alike two answers to one row are.</summary>
/// <param name="Expected">What was handed over; of several scores the one that differs most.</param>
/// <param name="Actual">What the model gives for the same.</param>
/// <param name="Difference">Their absolute difference; infinite where one is not a number.</param>
/// <param name="Same">Whether they count as the same.</param>
/// <param name="Texts">Whether texts were compared; the numbers are then 0 for the text handed over and 1 for another.</param>
internal sealed record RowLikeness(double Expected, double Actual, double Difference, bool Same, bool Texts = false);

/// <summary>Compares what was handed over with what the model gives: the classes' scores where both have them, else the score, else the prediction.</summary>
/// <param name="What">What is compared, in words.</param>
/// <param name="Row">Compares one row.</param>
internal sealed record Likeness(string What, Func<int, RowLikeness> Row)
{
    /// <summary>A comparison of like with like; null where the two have nothing in common.</summary>
    public static Likeness? Of(Answers stored, Answers rerun, ReproducesClause clause) =>
        (stored.ClassScores, rerun.ClassScores) is ({ } expected, { } actual)
            ? new("scores of the classes", row => Worst(expected[row], actual[row], clause))
        : (stored.Scores, rerun.Scores) is ({ } score, { } again)
            ? new("score", row => Number(score[row], again[row], clause))
        : (stored.Predictions?.Numbers, rerun.Predictions?.Numbers) is ({ } value, { } anew)
            ? new("prediction", row => Number(value[row], anew[row], clause))
        : (stored.Predictions, rerun.Predictions) is ({ } text, { } other)
            ? new("prediction", row => text[row] == other[row] ? new RowLikeness(0, 0, 0, true, Texts: true) : new RowLikeness(0, 1, 1, false, Texts: true))
        : null;

    private static RowLikeness Worst(double[] expected, double[] actual, ReproducesClause clause) => expected.Length != actual.Length
        ? new RowLikeness(expected.Length, double.NaN, double.PositiveInfinity, false)
        : expected.Zip(actual, (e, a) => Number(e, a, clause)).OrderBy(l => l.Same).ThenByDescending(l => l.Difference).First();

    // NumPy's isclose: |actual − expected| ≤ atol + rtol · |expected|.
    private static RowLikeness Number(double expected, double actual, ReproducesClause clause)
    {
        var difference = Answers.Apart(expected, actual);
        return new RowLikeness(expected, actual, difference, difference <= clause.Within + ((clause.Relative ?? 0) * (double.IsFinite(expected) ? Math.Abs(expected) : 0)));
    }
}
