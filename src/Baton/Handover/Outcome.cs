using Baton.Client;
using Baton.Contracts.Reports;
using Baton.Terminal;

namespace Baton.Handover;

/// <summary>What becomes of finished verifications on the screen and in the exit code.</summary>
internal static class Outcome
{
    /// <summary>Reports verifications that are over. The exit code is that of the worst: unreachable, fail, inconclusive, pass.</summary>
    public static int Report(Screen screen, IReadOnlyList<VerificationRecord> verifications)
    {
        if (screen.Json)
            Screen.WriteJson(verifications is [var only] ? only : new { Verifications = verifications } as object);
        foreach (var verification in verifications)
        {
            if (verification.Evidence is not { } evidence)
            {
                var reason = verification.Reason ?? "no reason was given";
                Screen.Complain($"{verification.Model}/{verification.Version}: the verification was {Words.Of(verification.State)}: {reason}");
            }
            else if (!screen.Json)
            {
                new VerdictReport(screen).Write(new ReportSubject(evidence));
            }
        }
        int[] worstFirst = [ExitCode.Unreachable, ExitCode.Failed, ExitCode.Inconclusive, ExitCode.Done];
        return worstFirst.First(verifications.Select(Code).DefaultIfEmpty(ExitCode.Done).Contains);
    }

    private static int Code(VerificationRecord verification) => verification switch
    {
        { State: VerificationState.Finished, Verdict: { } verdict } => ExitCode.Of(verdict),
        { State: VerificationState.Cancelled } => ExitCode.Inconclusive,
        _ => ExitCode.Unreachable,
    };
}
