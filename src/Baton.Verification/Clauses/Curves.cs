using System.Globalization;
using Baton.Contracts;
using Baton.Contracts.Reports;

namespace Baton.Verification.Clauses;

/// <summary>
/// Pictures of a binary classifier: ROC, precision against recall, calibration in ten bins of equal width, and the confusion matrix at 0.5. Points are thinned
/// to a few dozen and rounded to four decimals: they are to be looked at, the numbers are in the clauses.
/// </summary>
internal static class Curves
{
    private const int Points = 60;
    private const int Bins = 10;
    private const int MostRanked = 200_000; // rows to sort for a picture; of more, every so manieth is taken

    /// <summary>The series; none where labels are not 0 and 1 with both among them, or nothing finite was predicted.</summary>
    /// <param name="side">A side that is fit for metrics.</param>
    public static IReadOnlyList<Series> Of(MetricSide side)
    {
        var labels = side.Labels;
        var positives = labels.Count(l => l == 1);
        if (positives == 0 || positives == labels.Length || !labels.All(l => l is 0 or 1))
            return [];
        var series = new List<Series>();
        if (side.Answers.Scores is { } scores)
        {
            var ranked = Ranked(labels, scores);
            var all = ranked[^1];
            if (all is { TruePositives: > 0, FalsePositives: > 0 })
            {
                series.Add(Curve(SeriesNames.Roc, ranked.Select(at => ((double)at.FalsePositives / all.FalsePositives, (double)at.TruePositives / all.TruePositives)).Prepend((0, 0))));
                series.Add(Curve(SeriesNames.PrecisionRecall, ranked.Where(at => at.TruePositives > 0)
                    .Select(at => ((double)at.TruePositives / all.TruePositives, (double)at.TruePositives / (at.TruePositives + at.FalsePositives)))));
            }

            if (scores.All(s => s is >= 0 and <= 1))
                series.Add(Calibration(labels, scores));
        }

        if (Classes(side.Answers.Scores, side.Answers.Predictions?.Numbers) is { } classes)
            series.Add(Confusion(labels, classes));
        return series;
    }

    /// <summary>Counts above each threshold, from the highest score down; equal scores are one threshold.</summary>
    private static List<(long TruePositives, long FalsePositives)> Ranked(double[] labels, double[] scores)
    {
        var stride = 1 + ((scores.Length - 1) / MostRanked);
        var order = Enumerable.Range(0, (scores.Length + stride - 1) / stride).Select(i => i * stride).ToArray();
        Array.Sort(Array.ConvertAll(order, i => -scores[i]), order);
        var counts = new List<(long, long)>();
        var (trues, falses) = (0L, 0L);
        for (var i = 0; i < order.Length; i++)
        {
            (trues, falses) = labels[order[i]] == 1 ? (trues + 1, falses) : (trues, falses + 1);
            if (i + 1 == order.Length || scores[order[i + 1]] != scores[order[i]])
                counts.Add((trues, falses));
        }

        return counts;
    }

    private static Series Curve(string name, IEnumerable<(double X, double Y)> points)
    {
        var all = points.ToList();
        var kept = all.Count <= Points ? all : [.. Enumerable.Range(0, Points).Select(i => all[(int)((long)i * (all.Count - 1) / (Points - 1))])];
        return new Series(name, [.. kept.Select(p => Text(p.X))], [.. kept.Select(p => (double?)Math.Round(p.Y, 4))]);
    }

    private static Series Calibration(double[] labels, double[] scores)
    {
        var bins = Enumerable.Range(0, scores.Length).GroupBy(i => Math.Min(Bins - 1, (int)(scores[i] * Bins))).OrderBy(g => g.Key).ToList();
        return new Series(
            SeriesNames.Calibration, [.. bins.Select(bin => Text(bin.Average(i => scores[i])))], [.. bins.Select(bin => (double?)Math.Round(bin.Average(i => labels[i]), 4))]);
    }

    private static Series Confusion(double[] labels, bool[] classes)
    {
        var cells = new double?[] { 0, 0, 0, 0 };
        for (var i = 0; i < labels.Length; i++)
            cells[(labels[i] == 1 ? 2 : 0) + (classes[i] ? 1 : 0)]++;
        return new Series(SeriesNames.Confusion, SeriesNames.Cells, cells);
    }

    private static bool[]? Classes(double[]? scores, double[]? predictions) =>
        predictions is not null && predictions.All(p => p is 0 or 1) ? Array.ConvertAll(predictions, p => p == 1)
        : scores is not null && scores.All(s => s is >= 0 and <= 1) ? Array.ConvertAll(scores, s => s >= 0.5)
        : null;

    private static string Text(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
