using Baton.Statistics;

namespace Baton.Server.Monitoring;

/// <summary>The rows of one week while they are gathered, and its figures at the end.</summary>
internal sealed class WeekTally
{
    private const double MatureCoverage = 0.95;
    private const double LeastCoverage = 0.5;
    private const int LeastLabels = 100;
    private const long MaturingTime = CalendarWeeks.Length;
    private const double MicrosPerHour = 3_600_000_000;

    private static readonly Metric RocAuc = Metrics.Find("roc_auc")!;
    private static readonly Metric BrierScore = Metrics.Find("brier_score")!;

    private readonly List<double> _labels = [];
    private readonly List<double> _scores = [];
    private readonly List<double> _delays = [];
    private int _predictions;
    private int _labelled;
    private int _positive;
    private string? _strange;

    /// <summary>Takes in one prediction.</summary>
    /// <param name="eventTime">Microseconds.</param>
    /// <param name="score">The model's score; NaN where it gave none.</param>
    /// <param name="label">The label; null where it is not known.</param>
    /// <param name="knownAt">Microseconds; when the label became known.</param>
    public void Add(long eventTime, double score, string? label, long? knownAt)
    {
        _predictions++;
        if (label is null)
            return;
        _labelled++;
        if (knownAt is { } known)
            _delays.Add((known - eventTime) / MicrosPerHour);
        if (BinaryLabel.Read(label) is not { } truth)
        {
            _strange ??= label;
            return;
        }

        _positive += (int)truth;
        if (!double.IsFinite(score))
            return;
        _labels.Add(truth);
        _scores.Add(score);
    }

    /// <summary>The figures.</summary>
    /// <param name="monday">Microseconds; when the week began.</param>
    /// <param name="newestKnown">Microseconds; when the newest label of the endpoint became known, null for none.</param>
    public PerformanceWeek Close(long monday, long? newestKnown)
    {
        var coverage = (double)_labelled / _predictions;
        var matured = coverage >= MatureCoverage || newestKnown > monday + CalendarWeeks.Length + MaturingTime;
        var delays = _delays.Count == 0 ? null : _delays.Order().ToArray();
        var week = new PerformanceWeek
        {
            Week = CalendarWeeks.DayOf(monday),
            Predictions = _predictions,
            Labelled = _labelled,
            LabelCoverage = coverage,
            LabelDelayP50Hours = delays is null ? null : Quantile(delays, 0.5),
            LabelDelayP95Hours = delays is null ? null : Quantile(delays, 0.95),
            Matured = matured,
        };
        if (WhyNoFigures(coverage) is { } reason)
            return week with { Note = reason };
        var notes = new List<string>();
        if (!matured)
            notes.Add($"immature: {Percent(coverage)} of the labels are known");
        week = week with { LateRate = (double)_positive / _labelled };
        if (_labels.Count < LeastLabels)
        {
            notes.Add($"{_labels.Count} of the {_labelled} labelled rows have a score: ROC AUC and Brier score need {LeastLabels}");
        }
        else if (_positive == 0 || _positive == _labelled)
        {
            notes.Add($"every label is {(_positive == 0 ? "negative" : "positive")}: ROC AUC and Brier score need both classes");
        }
        else
        {
            if (_labels.Count < _labelled)
                notes.Add($"{_labelled - _labels.Count} labelled rows have no score and are left out");
            var rows = new Observations(_labels, _scores);
            week = week with { RocAuc = Value(RocAuc.Compute(rows), notes), BrierScore = Value(BrierScore.Compute(rows), notes) };
        }

        return week with { Note = notes.Count == 0 ? null : string.Join("; ", notes.Distinct()) };
    }

    private string? WhyNoFigures(double coverage) =>
        _labelled == 0 ? "no label is known yet"
        : _strange is not null ? $"the label '{Short(_strange)}' is neither positive (1, true) nor negative (0, false): figures need labels of two classes"
        : coverage < LeastCoverage ? $"{Percent(coverage)} of the labels are known: figures need {Percent(LeastCoverage)}"
        : _labelled < LeastLabels ? $"{_labelled} {(_labelled == 1 ? "label is" : "labels are")} known: figures need {LeastLabels}"
        : null;

    private static double? Value(MetricValue value, List<string> notes)
    {
        if (value.UndefinedBecause is { } reason)
            notes.Add(reason);
        return value.Value;
    }

    /// <summary>Linear between the two nearest ranks.</summary>
    private static double Quantile(double[] sorted, double share)
    {
        var at = share * (sorted.Length - 1);
        var below = (int)at;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((at - below) * (sorted[above] - sorted[below]));
    }

    /// <summary>Rounded down, so that what is not enough does not read as enough.</summary>
    private static string Percent(double share) => $"{(int)Math.Floor((share * 100) + 1e-9)} %";

    private static string Short(string label) => label.Length <= 40 ? label : label[..40] + "…";
}
