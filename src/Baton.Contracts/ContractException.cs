namespace Baton.Contracts;

/// <summary>A text that was taken for a contract is none; <see cref="Problems"/> says all that is wrong with it.</summary>
public sealed class ContractException : Exception
{
    /// <summary>The exception for these faults.</summary>
    public ContractException(IReadOnlyList<ContractProblem> problems)
        : base("The contract cannot be read:\n" + string.Join('\n', problems.Select(p => "  " + p))) => Problems = problems;

    /// <summary>Every fault, in the order of the text.</summary>
    public IReadOnlyList<ContractProblem> Problems { get; }
}
