using Baton.Contracts;
using Baton.Statistics;
using Baton.Storage.Tables;

namespace Baton.Verification.Clauses.Robustness;

/// <summary><c>robustness.noise</c>, <c>.missing</c>, <c>.unknown_categories</c>: changed rows are answered with finite numbers, and the metric drops no further than allowed.</summary>
internal static class PerturbationCheck
{
    private const double Confidence = 0.95;

    /// <summary>Asks about the changed rows and decides.</summary>
    /// <param name="unmeasured">Makes a result of this clause.</param>
    /// <param name="clause">The demand.</param>
    /// <param name="changed">The changed columns.</param>
    /// <param name="nothing">What the model lacks where there are none, e.g. <c>no input of texts</c>.</param>
    /// <param name="probe">Rows and model.</param>
    /// <param name="session">The verification.</param>
    /// <param name="cancellation">Ends the model's process.</param>
    public static async Task<ClauseResult> MeasureAsync(
        Func<Verdict, string, ClauseResult> unmeasured, PerturbationClause clause, IReadOnlyList<Column> changed, string nothing, Probe probe,
        VerificationSession session, CancellationToken cancellation)
    {
        if (changed.Count == 0)
            return unmeasured(Verdict.NotRun, $"The model has {nothing}, so there is nothing to change. Take the clause out of the contract.");
        var rows = probe.Rows.Replacing(changed);
        var probed = await probe.AskAsync(rows, cancellation);
        Fact[] facts = [new("rows", Phrases.Number(rows.Count)), new("columns changed", Phrases.Some([.. changed.Select(c => c.Name)], 12))];
        if (probed.Answers is not { } answers)
            return unmeasured(Verdict.Fail, probed.Fault!) with { Facts = facts };
        if (clause.MaxDrop is not { } most)
            return unmeasured(Verdict.Pass, $"All {Phrases.Number(rows.Count)} changed rows are answered with finite numbers.") with { Facts = facts };
        var contract = session.Input.Contract;
        if ((contract.Robustness?.Metric ?? contract.Metrics.Select(m => m.Metric).FirstOrDefault()) is not { } name || Metrics.Find(name) is not { } metric)
            return unmeasured(Verdict.NotRun, "The contract names no metric to measure the drop in; name one (robustness.metric).") with { Facts = facts };
        var before = MetricSide.Of(probe.Rows, probe.Answers, null, contract);
        var after = MetricSide.Of(probe.Rows, answers, null, contract);
        if ((before.Unfit ?? after.Unfit) is { } unfit)
            return unmeasured(Verdict.Fail, unfit) with { Facts = facts };
        var result = Bootstrap.PairedDifference(
            metric, after.Observations(), before.Observations(), before.Units(metric), Confidence, seed: (ulong)session.Input.Seed, threads: Environment.ProcessorCount);
        if (result.Interval is not { } change)
            return unmeasured(Verdict.NotRun, $"The drop of {name} has no interval to decide on: {result.UndefinedBecause}.") with { Facts = facts };
        var drop = metric.GreaterIsBetter ? new BootstrapInterval(-change.Estimate, -change.High, -change.Low, Confidence, change.Units) : change;
        var bound = new Bound(Max: most);
        var verdict = Draw.Decide(drop, bound);
        var more = verdict == Verdict.Inconclusive ? Draw.More(drop, bound) : null;
        var words = $"{name} goes from {Phrases.Metric(metric.Compute(before.Observations()).Value!.Value)} to {Phrases.Metric(metric.Compute(after.Observations()).Value!.Value)}, "
            + $"a drop of {Phrases.Metric(drop.Low)} to {Phrases.Metric(drop.High)} ({Phrases.Confidence(Confidence)} interval)";
        return unmeasured(verdict, verdict switch
        {
            Verdict.Pass => $"{words}; {Phrases.Bound(most)} is allowed.",
            Verdict.Fail => $"{words}, more than the {Phrases.Bound(most)} allowed.",
            _ => $"{words}: it straddles {Phrases.Bound(most)}.{(more is > 0 ? $" About {Phrases.Number(more.Value)} more rows would likely tell." : "")}",
        }) with
        {
            Unit = name,
            Measured = drop.Estimate,
            Interval = new Interval(drop.Low, drop.High, Confidence),
            Bound = bound,
            MoreNeeded = more is > 0 ? new MoreNeeded(more.Value, "rows") : null,
            Facts = facts,
        };
    }
}
