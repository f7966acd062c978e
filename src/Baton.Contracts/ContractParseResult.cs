namespace Baton.Contracts;

/// <summary>Outcome of reading a contract: the contract, or every fault of the text.</summary>
/// <param name="Contract">The contract; null where there is any problem.</param>
/// <param name="Problems">All faults in the order of the text; empty where there is a contract.</param>
public sealed record ContractParseResult(Contract? Contract, IReadOnlyList<ContractProblem> Problems);
