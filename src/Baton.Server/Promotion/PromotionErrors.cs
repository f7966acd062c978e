using Baton.Contracts;
using Baton.Server.Platform.Errors;
using Baton.Server.Registry;

namespace Baton.Server.Promotion;

internal static class PromotionErrors
{
    public static Refusal GateRefused(ModelVersion version, string stage, GateAnswer answer) => new(
        ProblemCode.GateRefused,
        $"{version.Name}/{version.Version} may not go to {stage.ToLowerInvariant()}: " +
            $"{(answer.Verdict is { } verdict ? $"the verdict is {Verification.VerificationJobs.Word(verdict)} - " : "")}{string.Join(" ", answer.Reasons)}",
        [.. answer.Reasons.Select(r => new Fault(null, r))],
        answer.Verdict ?? Verdict.NotRun);

    public static Refusal StageMoved(string name, string stage, string expected, string actual) => new(
        ProblemCode.StageMoved,
        $"{stage} of {name} holds {actual}, not {expected} as expected: somebody moved it meanwhile. Look again and decide anew.");

    public static Refusal WouldEmptyProduction(ModelVersion version) => Refusal.NotReady(
        $"{version.Name}/{version.Version} is in production, and a version is in one stage: moving it to staging would leave production empty. Promote another to production first.");
}
