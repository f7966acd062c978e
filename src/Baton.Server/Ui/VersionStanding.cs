using Baton.Contracts;
using Baton.Server.Registry;
using Baton.Server.Verification;

namespace Baton.Server.Ui;

/// <summary>A version with where it stands: its newest verification and what that found.</summary>
internal sealed record VersionStanding(ModelVersion Version, VerificationRecord? Verification, Evidence? Evidence)
{
    public bool IsInStage => Version.Stage is Stages.Staging or Stages.Production;

    public bool IsUnderWay => Verification?.State is "queued" or "running";

    public Verdict? Verdict => Words.VerdictOf(Verification?.Verdict);

    /// <summary>The first metric of the contract, as measured; null where none was.</summary>
    public ClauseResult? Headline => Evidence?.Clauses.FirstOrDefault(c => c.Name.StartsWith("metrics.", StringComparison.Ordinal) && c.Measured is not null);

    /// <summary>The clause that decided the verdict; null for a pass.</summary>
    public ClauseResult? Decisive => Evidence?.Clauses.FirstOrDefault(c => c.Verdict == Evidence.Verdict && c.Verdict != Contracts.Verdict.Pass);

    /// <summary>Verdict and reason as one sentence.</summary>
    public string Sentence => Verification switch
    {
        null => "Not verified yet.",
        { State: "queued" } => "Waiting for an agent to verify it.",
        { State: "running" } running => $"Being verified{(running.Progress is { Length: > 0 } progress ? $": {progress}" : "")}.",
        { State: "failed" } failed => $"The verification failed: {failed.Reason}",
        { State: "cancelled" } cancelled => $"The verification was cancelled: {cancelled.Reason}",
        _ when Evidence is null => "Verified.",
        _ => Judgement(Evidence),
    };

    private string Judgement(Evidence evidence)
    {
        var these = evidence.Clauses.Count(c => c.Verdict == evidence.Verdict);
        var all = evidence.Clauses.Count;
        return evidence.Verdict switch
        {
            Contracts.Verdict.Pass => $"Version {Version.Version} keeps the contract: all {all} clauses hold.",
            Contracts.Verdict.Fail => $"Version {Version.Version} breaks the contract: {these} of {all} clauses {(these == 1 ? "fails" : "fail")}.",
            Contracts.Verdict.Inconclusive => $"The evidence cannot tell whether version {Version.Version} keeps the contract: {these} of {all} clauses {(these == 1 ? "is" : "are")} undecided.",
            _ => $"Version {Version.Version} was not fully verified: {these} of {all} clauses could not be run.",
        };
    }
}
