using System.Globalization;
using Baton.Contracts;
using Baton.Statistics;
using Baton.Verification.Reference;

namespace Baton.Verification.Clauses;

/// <summary>Whether a claimed metric follows from the predictions that were handed over.</summary>
/// <param name="Verdict">Pass, fail, or inconclusive where it could not be replayed.</param>
/// <param name="Reason">Why; empty where it agrees.</param>
/// <param name="Facts">What was replayed.</param>
internal sealed record ClaimPart(Verdict Verdict, string Reason, IReadOnlyList<Fact> Facts)
{
    private const double Tolerance = 1e-6;
    private const double WidestRounding = 0.005;

    /// <summary>Replays a claim.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="claimed">What the author reports; null where nothing.</param>
    /// <param name="stored">The answers that were handed over, predictions in the numbers of the labels.</param>
    /// <param name="rows">Labels, weights and queries of the same rows.</param>
    public static ClaimPart Of(Metric metric, double? claimed, Answers stored, MetricSide rows)
    {
        if (claimed is not { } said)
            return new(Verdict.Pass, "", [new Fact("claimed", "the author reports no value of this metric")]);
        var replayed = Replay(metric, rows with { Answers = stored });
        // What nobody can check must not pass for what was checked.
        if (replayed.Value is not { } value)
            return new(Verdict.Inconclusive, $"The claimed {Phrases.Metric(said)} could not be replayed: {replayed.UndefinedBecause?.TrimEnd('.')}.", []);
        var fact = new Fact("replayed", $"{Phrases.Metric(value)} from the predictions that were handed over");
        return Agree(said, value)
            ? new(Verdict.Pass, "", [fact])
            : new(Verdict.Fail, $"Claimed {Told(said, value)}, but the predictions that were handed over give {Told(value, said)}.", [fact]);
    }

    /// <summary>
    /// Whether a claim and a value are the same to the digits that were claimed: half a unit of the last digit written, at least a millionth of the value. One
    /// digit would cover almost anything, so that no rounding covers more than half a hundredth (of the value, where it is above 1).
    /// </summary>
    public static bool Agree(double said, double value)
    {
        var rounding = Math.Min(0.5 * Math.Pow(10, -Decimals(said)), WidestRounding * Math.Max(1, Math.Abs(said)));
        // A hair more: a number just half a unit off is rounded by binary fractions.
        return Math.Abs(said - value) <= Math.Max(Tolerance * Math.Max(Math.Abs(value), Math.Abs(said)), rounding * (1 + 1e-9));
    }

    private static MetricValue Replay(Metric metric, MetricSide side)
    {
        if (side.Answers is { Scores: null, ClassScores: null, Predictions: null or { Numbers: null } })
            return MetricValue.Undefined("the reference predictions hold no scores to replay the claim from; hand over the scores");
        try
        {
            return metric.Compute(side.Observations());
        }
        catch (ArgumentException e)
        {
            return MetricValue.Undefined(e.Message);
        }
    }

    private static int Decimals(double said)
    {
        var text = said.ToString("R", CultureInfo.InvariantCulture);
        var exponent = text.IndexOf('E') is >= 0 and var e ? int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0;
        var digits = text.Split('E')[0];
        return (digits.IndexOf('.') is >= 0 and var point ? digits.Length - point - 1 : 0) - exponent;
    }

    // As many digits as it takes to tell the two apart.
    private static string Told(double value, double other) =>
        Phrases.Metric(value) != Phrases.Metric(other) ? Phrases.Metric(value) : value.ToString("G9", CultureInfo.InvariantCulture);
}
