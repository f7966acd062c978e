using Baton.Contracts;

namespace Baton.Verification.Clauses.Commands;

/// <summary>The contract's own checks (<c>checks.NAME</c>), by command: docs/contract/checks.md.</summary>
internal static class CommandChecks
{
    /// <summary>Runs them, where that is allowed.</summary>
    public static async Task MeasureAsync(VerificationSession session, Findings findings, CancellationToken cancellation)
    {
        var input = session.Input;
        if (input.Contract.Checks.Count == 0)
            return;
        using var folder = new CommandFolder();
        foreach (var check in input.Contract.Checks)
        {
            var name = $"checks.{check.Name}";
            await findings.AddAsync(name, async () =>
            {
                ClauseResult Of(Verdict verdict, string reason) => Found.Unmeasured(name, Found.Demand(input.Contract, name), EvidenceLevel.ReExecuted, verdict, reason);
                if (!input.RunsCommands)
                    return Of(Verdict.NotRun, "The check is a command of whoever wrote the contract, and commands do not run here. Allow them where you trust the contract: baton agent --run-commands, baton verify --run-commands.");
                if (session.Obstacle(name) is var (verdict, reason))
                    return Of(verdict, reason);
                session.Report(name, $"running {check.Command}", 0.9);
                var outcome = await CommandRun.RunAsync(check, await folder.FilledAsync(session, cancellation), input, cancellation);
                return Judge(check, outcome, Of);
            });
        }
    }

    private static ClauseResult Judge(CustomCheck check, CommandOutcome outcome, Func<Verdict, string, ClauseResult> unmeasured)
    {
        if (outcome.Fault is { } fault)
            return unmeasured(Verdict.Fail, $"`{check.Command}`: {fault}.");
        var said = outcome.Reason is { Length: > 0 } words ? $" It says: {words}" : "";
        var bounded = check.Min is not null || check.Max is not null;
        ClauseResult Of(Verdict verdict, string reason) => unmeasured(verdict, reason + said) with
        {
            Measured = outcome.Value is { } value ? (Reading)value : null,
            Bound = bounded ? new Bound(check.Min, check.Max) : null,
        };
        if (bounded && outcome.Value is null)
            return Of(Verdict.Fail, $"`{check.Command}` gave no value, and the contract bounds one.");
        if (!bounded && outcome.Passes is null)
            return Of(Verdict.Fail, $"`{check.Command}` did not say whether it passes, and the contract bounds no value.");
        if (outcome.Passes == false)
            return Of(Verdict.Fail, $"`{check.Command}` says no.");
        if (outcome.Value < check.Min)
            return Of(Verdict.Fail, $"The value is {Phrases.Metric(outcome.Value.Value)}, below {Phrases.Bound(check.Min.Value)}.");
        if (outcome.Value > check.Max)
            return Of(Verdict.Fail, $"The value is {Phrases.Metric(outcome.Value.Value)}, above {Phrases.Bound(check.Max.Value)}.");
        return Of(Verdict.Pass, bounded ? $"The value is {Phrases.Metric(outcome.Value!.Value)}, within its bounds." : $"`{check.Command}` says yes.");
    }
}
