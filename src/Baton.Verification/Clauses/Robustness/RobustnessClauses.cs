using Baton.Contracts;
using Baton.Storage.Tables;

namespace Baton.Verification.Clauses.Robustness;

/// <summary>The contract's clauses on what the model must bear, in one process of its own.</summary>
internal static class RobustnessClauses
{
    /// <summary>Measures them.</summary>
    public static async Task MeasureAsync(VerificationSession session, Findings findings, CancellationToken cancellation)
    {
        if (session.Input.Contract.Robustness is not { } clause)
            return;
        var names = session.Input.Contract.ClauseNames.Where(n => n.StartsWith("robustness.", StringComparison.Ordinal)).ToList();
        var unrun = names.Select(name => (name, Obstacle: session.Obstacle(name))).Where(n => n.Obstacle is not null).ToList();
        foreach (var (name, obstacle) in unrun)
            await findings.AddAsync(name, () => Of(session, name)(obstacle!.Value.Verdict, obstacle.Value.Reason));
        if (unrun.Count > 0)
            return;
        if (session.Candidate.Rows.Count == 0)
        {
            foreach (var name in names)
                await findings.AddAsync(name, () => Of(session, name)(Verdict.NotRun, "The reference predictions have no row to change; hand over some."));
            return;
        }

        await using var probe = new Probe(session);
        Task AddAsync(string name, Func<Func<Verdict, string, ClauseResult>, Task<ClauseResult>> measure) => findings.AddAsync($"robustness.{name}", () =>
        {
            session.Report($"robustness.{name}", "changing rows and asking again", 0.58);
            return measure(Of(session, $"robustness.{name}"));
        });
        Task PerturbAsync(string name, PerturbationClause? demand, Func<Probe, double, int, IReadOnlyList<Column>> change, string nothing) => demand is null
            ? Task.CompletedTask
            : AddAsync(name, of => PerturbationCheck.MeasureAsync(of, demand, change(probe, demand.Level, session.Input.Seed), nothing, probe, session, cancellation));

        await PerturbAsync("noise", clause.Noise, Perturbation.Noise, "no input of numbers");
        await PerturbAsync("missing", clause.Missing, Perturbation.Missing, "no input that can lack a value");
        await PerturbAsync("unknown_categories", clause.UnknownCategories, Perturbation.UnknownCategories, "no input of texts");
        if (clause.Invariant.Count > 0)
            await AddAsync("invariant", of => MovementCheck.InvariantAsync(of, clause.Invariant, probe, session.Input.Seed, cancellation));
        foreach (var direction in clause.Direction)
            await AddAsync($"direction.{direction.Column}", of => MovementCheck.DirectionAsync(of, direction, probe, cancellation));
        if (clause.EdgeCases is { } how)
            await AddAsync("edge_cases", of => EdgeCasesCheck.MeasureAsync(of, how == "answer_or_refuse", probe, session, cancellation));
        if (clause.BatchWithin is { } alone)
            await AddAsync("batch", of => RepeatCheck.BatchAsync(of, alone, probe, session, cancellation));
        if (clause.DeterministicWithin is { } again)
            await AddAsync("deterministic", of => RepeatCheck.DeterministicAsync(of, again, probe, session, cancellation));
    }

    private static Func<Verdict, string, ClauseResult> Of(VerificationSession session, string name) => (verdict, reason) =>
        Found.Unmeasured(name, Found.Demand(session.Input.Contract, name), EvidenceLevel.ReExecuted, verdict, reason);
}
