using Baton.Contracts;
using Baton.Server.Platform.Errors;

namespace Baton.Server.Handoff;

internal static class HandoffErrors
{
    public static Refusal NoContract(string model) => Refusal.NotFound($"{model} has no contract yet: propose one with PUT /api/v1/models/{model}/contract.");

    public static Refusal NoContractInForce(string model) => Refusal.NotReady(
        $"{model} has no contract in force: both sides sign it first (baton handoff accept {model} --side model, then --side service).");

    public static Refusal NoClaims(string model, long version) => Refusal.NotReady(
        $"{model}/{version} has no claims yet: draft and submit them first (baton handoff submit models:/{model}/{version} does both).");

    public static Refusal Unparsable(ContractParseResult parsed) => new(
        ProblemCode.InvalidContract,
        string.Join(" ", parsed.Problems.Take(3).Select(p => $"Line {p.Line}, column {p.Column}: {p.Message}")) +
            (parsed.Problems.Count > 3 ? $" And {parsed.Problems.Count - 3} more." : ""),
        [.. parsed.Problems.Select(p => new Fault(p.Path, p.Message, p.Line, p.Column))]);

    public static Refusal OtherPackage(IReadOnlyList<Fault> faults) => new(
        ProblemCode.InvalidClaims,
        $"The claims are of another package than the version that was sealed: {faults[0].Message}{(faults.Count > 1 ? $" And {faults.Count - 1} more." : "")}",
        faults);
}
