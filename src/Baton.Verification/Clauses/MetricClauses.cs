using Baton.Contracts;
using Baton.Verification.Reference;

namespace Baton.Verification.Clauses;

/// <summary>The contract's clauses on the model's answers to the reference rows.</summary>
internal static class MetricClauses
{
    /// <summary>Measures them.</summary>
    public static async Task MeasureAsync(VerificationSession session, Findings findings)
    {
        foreach (var clause in session.Input.Contract.Metrics)
            await findings.AddAsync(MetricCheck.Name(clause), () => Metric(clause, session));
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
