namespace Baton.Statistics;

/// <summary>Areas under the ROC curves of two models on the same rows, with their covariance.</summary>
/// <param name="First">Area of the first model.</param>
/// <param name="Second">Area of the second model.</param>
/// <param name="FirstVariance">Variance of the first area.</param>
/// <param name="SecondVariance">Variance of the second area.</param>
/// <param name="Covariance">Their covariance: what is hard for both makes both areas fall.</param>
public sealed record PairedAreas(double First, double Second, double FirstVariance, double SecondVariance, double Covariance)
{
    /// <summary>Second less first.</summary>
    public double Difference => Second - First;

    /// <summary>Standard error of the difference.</summary>
    public double StandardError => Math.Sqrt(Math.Max(0, FirstVariance + SecondVariance - (2 * Covariance)));

    /// <summary>First less second in standard errors; null where the two never differ.</summary>
    public double? Z => StandardError == 0 ? null : -Difference / StandardError;

    /// <summary>Chance of so great a difference, either way, were there none; null where the two never differ.</summary>
    public double? PValue => Z is { } z ? 2 * Normal.Above(Math.Abs(z)) : null;
}

/// <summary>
/// The test of DeLong, DeLong and Clarke-Pearson (1988) by the sorting of Sun and Xu (2014). It takes rows as independent: where they come in groups,
/// the bootstrap over groups is the one to use.
/// </summary>
public static class DeLong
{
    /// <summary>Compares two models on the same rows.</summary>
    /// <param name="labels">0 or 1; at least two of each.</param>
    /// <param name="first">Scores of the first model.</param>
    /// <param name="second">Scores of the second model.</param>
    /// <exception cref="ArgumentException">Unequal lengths, another label, or too few rows of a class.</exception>
    public static PairedAreas Compare(IReadOnlyList<double> labels, IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        if (first.Count != labels.Count || second.Count != labels.Count)
            throw new ArgumentException($"There are {labels.Count} labels, {first.Count} and {second.Count} scores; give one of each per row.", nameof(labels));
        if (labels.Any(label => label is not (0 or 1)))
            throw new ArgumentException("A label is neither 0 nor 1.", nameof(labels));
        int[] positives = [.. Enumerable.Range(0, labels.Count).Where(row => labels[row] == 1)];
        int[] negatives = [.. Enumerable.Range(0, labels.Count).Where(row => labels[row] == 0)];
        if (positives.Length < 2 || negatives.Length < 2)
            throw new ArgumentException($"There are {positives.Length} positive and {negatives.Length} negative rows; two of each are needed.", nameof(labels));
        var (one, other) = (new Placements(first, positives, negatives), new Placements(second, positives, negatives));
        return new PairedAreas(one.Area, other.Area, Placements.Covariance(one, one), Placements.Covariance(other, other), Placements.Covariance(one, other));
    }

    /// <summary>Of each positive the share of negatives it beats, and of each negative the share of positives that beat it.</summary>
    private sealed class Placements
    {
        private readonly double[] _ofPositives;
        private readonly double[] _ofNegatives;

        public Placements(IReadOnlyList<double> scores, int[] positives, int[] negatives)
        {
            double[] up = [.. positives.Select(row => scores[row])];
            double[] down = [.. negatives.Select(row => scores[row])];
            var all = MidRanks([.. up, .. down]);
            var (amongUp, amongDown) = (MidRanks(up), MidRanks(down));
            _ofPositives = [.. up.Select((_, i) => (all[i] - amongUp[i]) / down.Length)];
            _ofNegatives = [.. down.Select((_, i) => 1 - ((all[up.Length + i] - amongDown[i]) / up.Length))];
            Area = _ofPositives.Average();
        }

        public double Area { get; }

        public static double Covariance(Placements a, Placements b) =>
            (Covariance(a._ofPositives, b._ofPositives) / a._ofPositives.Length) + (Covariance(a._ofNegatives, b._ofNegatives) / a._ofNegatives.Length);

        private static double Covariance(double[] a, double[] b)
        {
            var (meanA, meanB) = (a.Average(), b.Average());
            return a.Zip(b, (x, y) => (x - meanA) * (y - meanB)).Sum() / (a.Length - 1);
        }

        private static double[] MidRanks(double[] values)
        {
            var order = Enumerable.Range(0, values.Length).OrderBy(i => values[i]).ToArray();
            var ranks = new double[values.Length];
            for (var start = 0; start < order.Length;)
            {
                var end = start;
                while (end < order.Length && values[order[end]] == values[order[start]])
                    end++;
                for (var i = start; i < end; i++)
                    ranks[order[i]] = (start + end + 1) / 2.0;
                start = end;
            }

            return ranks;
        }
    }
}
