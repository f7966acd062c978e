namespace Baton.Contracts.Yaml;

/// <summary>Collects the faults of one text.</summary>
internal sealed class ProblemLog
{
    private readonly List<ContractProblem> _problems = [];

    public bool IsEmpty => _problems.Count == 0;

    public void Add(string path, string message, Place at, string? suggestion = null) =>
        _problems.Add(new ContractProblem(path, message, at.Line, at.Column, suggestion));

    /// <summary>The faults from top to bottom of the text.</summary>
    public IReadOnlyList<ContractProblem> InOrder() => [.. _problems.OrderBy(p => p.Line).ThenBy(p => p.Column)];
}
