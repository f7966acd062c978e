using Baton.Contracts;
using Baton.Statistics;
using Baton.Verification.Reference;

namespace Baton.Verification.Clauses;

/// <summary>A metric against what the author claims of it, or against a predictor that needs no model.</summary>
/// <param name="Verdict">Verdict of the comparison alone; pass where none was demanded.</param>
/// <param name="Reason">Why; empty where none was demanded.</param>
/// <param name="Facts">What else there is to say.</param>
/// <param name="More">How many more rows or groups would likely decide.</param>
internal sealed record AgainstPart(Verdict Verdict, string Reason, IReadOnlyList<Fact> Facts, long? More)
{
    private static readonly AgainstPart None = new(Verdict.Pass, "", [], null);

    /// <summary>What was measured less what is claimed: the claim is a number, so the metric's own interval decides.</summary>
    public static AgainstPart Claimed(MetricClause clause, Draw draw, Interval? interval, double? claimed)
    {
        if (clause.AgainstClaimed is not { } bound)
            return None;
        if (claimed is not { } said)
            return new(Verdict.NotRun, $"The claims report no {clause.Metric} to hold the model to; claim it.", [], null);
        return interval is null
            ? new(Verdict.Inconclusive, $"The difference to the claimed {Phrases.Metric(said)} has no interval to decide on.", [], null)
            : Decide(draw, new BootstrapInterval(((interval.Low + interval.High) / 2) - said, interval.Low - said, interval.High - said, clause.Confidence, draw.Units.Count),
                bound, $"Against the claimed {Phrases.Metric(said)}", "the claim", []);
    }

    /// <summary>The model less a trivial predictor, paired by row.</summary>
    public static AgainstPart Baseline(MetricClause clause, Draw draw, MetricSide candidate)
    {
        if (clause.AgainstBaseline is not { } demanded)
            return None;
        var predictor = demanded.Predictor ?? (candidate.Labels.Distinct().Count() > 20 || draw.Metric.Facts.Tasks.Contains("regression", StringComparison.Ordinal) ? "mean" : "prior");
        if (Answering(predictor, candidate) is not { } trivial)
            return new(Verdict.NotRun, $"Always predicting the {predictor} is for classes 0, 1, 2 …; the ground truth has others. Name another predictor.", [], null);
        var other = candidate with { Answers = trivial };
        if (draw.Metric.Compute(other.Observations()) is not { Value: { } theirs })
            return new(Verdict.NotRun, $"Always predicting the {predictor} has no {draw.Metric.Name}, so there is nothing to compare with; name another predictor.", [], null);
        Fact[] facts = [new("trivial predictor", $"{predictor}, learned from the truth of these rows: {Phrases.Metric(theirs)}")];
        var result = draw.Difference(candidate, other);
        return result.Interval is { } interval
            ? Decide(draw, interval, new Bound(demanded.Min, demanded.Max), $"Against always predicting the {predictor}, {Phrases.Metric(theirs)}", "the trivial predictor", facts)
            : new(Verdict.Inconclusive, $"The difference to a trivial predictor has no interval to decide on: {result.UndefinedBecause}.", facts, null);
    }

    private static Answers? Answering(string predictor, MetricSide side)
    {
        var (labels, rows) = (side.Labels, side.Labels.Length);
        switch (predictor)
        {
            case "mean":
                return Numbers(Baselines.Mean(labels, rows));
            case "median":
                return Numbers(Baselines.Median(labels, rows));
            case "last":
                var order = side.Order ?? [.. Enumerable.Range(0, rows)];
                var last = new double[rows];
                for (var i = 0; i < rows; i++)
                    last[order[i]] = labels[order[Math.Max(0, i - 1)]];
                return Numbers(last);
            default:
                if (!labels.All(l => l >= 0 && double.IsInteger(l) && l < 100_000))
                    return null;
                var majority = Baselines.MajorityClass(labels, rows);
                var classes = Math.Max(side.Answers.ClassScores?[0].Length ?? 2, (int)labels.Max() + 1);
                var scores = predictor == "prior" ? Baselines.Prior(labels, rows, classes) : [.. majority.Select(m => OneOf(classes, (int)m))];
                return new Answers([.. scores.Select(s => s[1])], new PredictedValues(majority)) { ClassScores = side.Answers.ClassScores is null ? null : scores };
        }
    }

    private static Answers Numbers(double[] values) => new(values, new PredictedValues(values));

    private static double[] OneOf(int classes, int which)
    {
        var scores = new double[classes];
        scores[which] = 1;
        return scores;
    }

    private static AgainstPart Decide(Draw draw, BootstrapInterval interval, Bound bound, string against, string other, IReadOnlyList<Fact> facts)
    {
        var verdict = Draw.Decide(interval, bound);
        var more = verdict == Verdict.Inconclusive ? Draw.More(interval, bound) : null;
        var words = $"{against}, it is {Phrases.Signed(interval.Estimate)}, {Phrases.Signed(interval.Low)} to {Phrases.Signed(interval.High)}";
        return new(verdict, verdict switch
        {
            Verdict.Pass => $"{words}: {Demands.Of(bound, other)}.",
            Verdict.Fail => $"{words}: that breaks “{Demands.Of(bound, other)}”.",
            _ => $"{words}: too wide to tell whether it is {Demands.Of(bound, other)}. {draw.Advice(more)}",
        }, facts, more);
    }
}
