using Baton.Contracts;
using Baton.Verification.Reference;

namespace Baton.Verification.Clauses;

/// <summary>The contract's clauses on the model's answers to the reference rows.</summary>
internal static class MetricClauses
{
    /// <summary>Measures them.</summary>
    public static async Task MeasureAsync(VerificationSession session, Findings findings)
    {
        var contract = session.Input.Contract;
        foreach (var clause in contract.Metrics)
        {
            await findings.AddAsync(MetricCheck.Name(clause), () => Metric(clause, session));
            foreach (var slice in clause.Slices)
                await findings.AddAsync(SliceCheck.Name(clause, slice), () => Slice(clause, slice, session));
        }

        foreach (var clause in contract.Fairness)
        {
            foreach (var measure in clause.Bounds.Keys)
                await findings.AddAsync(FairnessCheck.Name(clause, measure), () => Fairness(clause, measure, session));
        }
    }

    private static ClauseResult Slice(MetricClause clause, SliceClause slice, VerificationSession session)
    {
        var name = SliceCheck.Name(clause, slice);
        if (session.Obstacle(name) is var (verdict, reason))
            return SliceCheck.Unmeasured(clause, slice, verdict, reason);
        session.Report(name, $"measuring {clause.Metric} by {slice.Column}", 0.56);
        var (rows, answers) = (session.Candidate.Rows, session.Candidate.Answers);
        return SliceCheck.Judge(clause, slice, MetricSide.Of(rows, answers, clause.GroupBy, session.Input.Contract), SliceNames.Of(rows, slice.Column), (ulong)session.Input.Seed);
    }

    private static ClauseResult Fairness(FairnessClause clause, string measure, VerificationSession session)
    {
        var name = FairnessCheck.Name(clause, measure);
        var demanded = Found.Demand(session.Input.Contract, name);
        if (session.Obstacle(name) is var (verdict, reason))
            return Found.Unmeasured(name, demanded, EvidenceLevel.ReExecuted, verdict, reason);
        session.Report(name, $"comparing the groups of {clause.Column}", 0.57);
        var (rows, answers) = (session.Candidate.Rows, session.Candidate.Answers);
        return FairnessCheck.Judge(clause, measure, demanded, MetricSide.Of(rows, answers, null, session.Input.Contract), SliceNames.Of(rows, clause.Column), (ulong)session.Input.Seed);
    }

    private static ClauseResult Metric(MetricClause clause, VerificationSession session)
    {
        var name = MetricCheck.Name(clause);
        double? claimed = session.Input.Claims.Metrics.TryGetValue(clause.Metric, out var value) ? value : null;
        if (session.Obstacle(name) is var (verdict, reason))
            return MetricCheck.Unmeasured(clause, claimed, verdict, reason);
        session.Report(name, $"drawing intervals of {clause.Metric}", 0.55);
        var (rows, answers) = (session.Candidate.Rows, session.Candidate.Answers);
        try
        {
            var side = MetricSide.Of(rows, answers, clause.GroupBy, session.Input.Contract);
            return MetricCheck.Judge(clause, claimed, MetricSide.Numbered(rows, rows.Stored), side, session.Production, (ulong)session.Input.Seed);
        }
        catch (Exception e) when (e is ReferenceException or ArgumentException)
        {
            return MetricCheck.Unmeasured(clause, claimed, Verdict.Fail, e.Message);
        }
    }
}
