using Baton.Contracts;
using Baton.Statistics;

namespace Baton.Verification.Clauses;

/// <summary>A metric against the bounds on itself.</summary>
internal sealed record BoundPart(Verdict Verdict, string Reason, Interval? Interval, long? More)
{
    /// <summary>Draws the interval and decides on it.</summary>
    public static BoundPart Of(MetricClause clause, Draw draw, Observations observations, double value)
    {
        var result = draw.Interval(observations);
        var bounded = clause.Min is not null || clause.Max is not null;
        if (result.Interval is not { } interval)
        {
            return new(
                bounded ? Verdict.Inconclusive : Verdict.Pass,
                $"{draw.Metric.Name} is {Phrases.Metric(value)}, and has no interval to decide on: {result.UndefinedBecause}.", null, null);
        }

        var drawn = new Interval(interval.Low, interval.High, clause.Confidence);
        var words = $"{draw.Metric.Name} is {Phrases.Metric(value)}, {Phrases.Metric(interval.Low)} to {Phrases.Metric(interval.High)} ({draw.Words})";
        if (!bounded)
            return new(Verdict.Pass, $"{words}.", drawn, null);
        var bound = new Bound(clause.Min, clause.Max);
        var verdict = Draw.Decide(interval, bound);
        var more = verdict == Verdict.Inconclusive ? Draw.More(interval, bound) : null;
        return new(verdict, verdict switch
        {
            Verdict.Pass => $"{words}: all of it {Within(bound)}.",
            Verdict.Fail => $"{words}: all of it {Beyond(interval, bound)}.",
            _ => $"{words}: the interval straddles {Straddled(interval, bound)}. {draw.Advice(more)}",
        }, drawn, more);
    }

    private static string Within(Bound bound) => bound switch
    {
        { Min: { } min, Max: { } max } => $"between {Phrases.Bound(min)} and {Phrases.Bound(max)}",
        { Min: { } min } => $"above {Phrases.Bound(min)}",
        _ => $"below {Phrases.Bound(bound.Max!.Value)}",
    };

    private static string Beyond(BootstrapInterval interval, Bound bound) =>
        interval.High < bound.Min ? $"below {Phrases.Bound(bound.Min.Value)}" : $"above {Phrases.Bound(bound.Max!.Value)}";

    private static string Straddled(BootstrapInterval interval, Bound bound) =>
        string.Join(" and ", new[] { bound.Min, bound.Max }.OfType<double>().Where(b => interval.Low < b && b < interval.High).Select(Phrases.Bound));
}
