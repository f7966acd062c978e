namespace Baton.Statistics;

/// <summary>Rows whose scores lie near each other.</summary>
/// <param name="Low">Lower end of the bin, exclusive but for 0.</param>
/// <param name="High">Upper end, inclusive.</param>
/// <param name="Weight">Weight of its rows.</param>
/// <param name="MeanScore">Their mean score.</param>
/// <param name="PositiveShare">Share of them that is positive.</param>
public sealed record CalibrationBin(double Low, double High, double Weight, double MeanScore, double PositiveShare);

/// <summary>The line through log-odds: log-odds of a positive row = intercept + slope · log-odds of its score (Cox 1958); 0 and 1 where calibrated.</summary>
/// <param name="Slope">Below 1 for scores that are too extreme, above 1 for scores that are too timid.</param>
/// <param name="Intercept">Below 0 for scores that are too high.</param>
public sealed record CalibrationLine(double Slope, double Intercept);

/// <summary>Whether scores are the probabilities they claim to be.</summary>
public static class Calibration
{
    private const double Tolerance = 1e-10;
    private const int MostSteps = 100;

    /// <summary>The calibration curve: bins of equal width that hold rows, in order.</summary>
    /// <param name="observations">Labels 0 or 1, scores 0 to 1.</param>
    /// <param name="bins">Number of bins, 2 or more.</param>
    /// <exception cref="ArgumentException">There are no scores, or they are no probabilities.</exception>
    public static IReadOnlyList<CalibrationBin> Curve(Observations observations, int bins = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        var (labels, scores) = Checked(observations);
        var sums = new (double Weight, double Score, double Positive)[bins];
        for (var row = 0; row < scores.Length; row++)
        {
            ref var sum = ref sums[Bin(scores[row], bins)];
            var weight = observations.WeightArray is { } weights ? weights[row] : 1;
            sum = (sum.Weight + weight, sum.Score + (weight * scores[row]), sum.Positive + (weight * labels[row]));
        }

        return
        [
            .. sums.Index().Where(i => i.Item.Weight > 0).Select(i => new CalibrationBin(
                (double)i.Index / bins, (i.Index + 1.0) / bins, i.Item.Weight, i.Item.Score / i.Item.Weight, i.Item.Positive / i.Item.Weight)),
        ];
    }

    /// <summary>Slope and intercept by greatest likelihood; null where there is none (one class, or scores that part the classes).</summary>
    /// <param name="observations">Labels 0 or 1, scores 0 to 1; scores of 0 and 1 are taken for 1e-15 and 1 - 1e-15.</param>
    /// <exception cref="ArgumentException">There are no scores, or they are no probabilities.</exception>
    public static CalibrationLine? Line(Observations observations)
    {
        var (labels, scores) = Checked(observations);
        double[] odds = [.. scores.Select(s => Math.Clamp(s, 1e-15, 1 - 1e-15)).Select(s => Math.Log(s / (1 - s)))];
        var (slope, intercept) = (0.0, 0.0);
        for (var step = 0; step < MostSteps; step++)
        {
            double g0 = 0, g1 = 0, h00 = 0, h01 = 0, h11 = 0;
            for (var row = 0; row < odds.Length; row++)
            {
                var chance = 1 / (1 + Math.Exp(-(intercept + (slope * odds[row]))));
                var weight = observations.WeightArray is { } weights ? weights[row] : 1;
                var (error, spread) = (weight * (labels[row] - chance), weight * chance * (1 - chance));
                (g0, g1) = (g0 + error, g1 + (error * odds[row]));
                (h00, h01, h11) = (h00 + spread, h01 + (spread * odds[row]), h11 + (spread * odds[row] * odds[row]));
            }

            var determinant = (h00 * h11) - (h01 * h01);
            if (!(determinant > 1e-12 * Math.Max(1e-300, h00 * h11)))
                return null;
            var (up, more) = (((h11 * g0) - (h01 * g1)) / determinant, ((h00 * g1) - (h01 * g0)) / determinant);
            (intercept, slope) = (intercept + up, slope + more);
            if (!double.IsFinite(intercept + slope) || Math.Abs(slope) > 1e6)
                return null;
            if (Math.Abs(up) + Math.Abs(more) < Tolerance)
                return new CalibrationLine(slope, intercept);
        }

        return null;
    }

    /// <summary>The bin of a score, from 0; a bin holds its upper end, the first one 0 as well.</summary>
    internal static int Bin(double score, int bins) => Math.Clamp((int)Math.Ceiling(score * bins) - 1, 0, bins - 1);

    private static (double[] Labels, double[] Scores) Checked(Observations observations) =>
        (observations.Lacks(MetricNeeds.Labels | MetricNeeds.Scores) ?? BinaryMetrics.RefuseProbabilities(observations)) is { } reason
            ? throw new ArgumentException($"Calibration needs labels and probabilities: {reason}.", nameof(observations))
            : (observations.LabelArray, observations.ScoreArray!);
}
