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

    public static Refusal NoSuchContract(string model, string digest) => Refusal.NotFound($"{model} has no contract {digest}.");

    public static Refusal NoOffer(string id) => Refusal.NotFound($"There is no counter-offer {id}.");

    public static Refusal Decided(CounterOffer offer) => new(
        ProblemCode.Conflict, $"The counter-offer is {offer.Status} already, by {offer.DecidedBy}: make another where you still differ.");

    public static Refusal NoClause(string model, string clause, IEnumerable<string> clauses) => new(
        ProblemCode.Conflict,
        $"The contract of {model} has no clause '{clause}'; it has {string.Join(", ", clauses)}. To add a clause, propose a contract that has it.");

    public static Refusal OtherPackage(IReadOnlyList<Fault> faults) => new(
        ProblemCode.InvalidClaims,
        $"The claims are of another package than the version that was sealed: {faults[0].Message}{(faults.Count > 1 ? $" And {faults.Count - 1} more." : "")}",
        faults);
}
