namespace Baton.Contracts.Reports;

/// <summary>What a report is written of: evidence, and what it is evidence of as far as that is at hand.</summary>
/// <param name="Evidence">What verification found.</param>
public sealed record ReportSubject(Evidence Evidence)
{
    /// <summary>The contract; without it costs, purpose and places of clauses are left out.</summary>
    public Contract? Contract { get; init; }

    /// <summary>The claims; without them files, data, code and licence are left out.</summary>
    public Claims? Claims { get; init; }

    /// <summary>The contract's YAML, to tell the lines of its clauses.</summary>
    public string? ContractText { get; init; }

    /// <summary>Path of the contract as a report names it, with <c>/</c>. <value><c>contract.yaml</c>.</value></summary>
    public string ContractPath { get; init; } = "contract.yaml";

    /// <summary>Model and version: <c>flight-delay/2</c>, or the model alone where the version is not registered.</summary>
    public string Name => Evidence.Version is { Length: > 0 } version ? $"{Evidence.Model}/{version}" : Evidence.Model;

    /// <summary>The verdict as a sentence: <c>flight-delay/2 keeps its contract</c>.</summary>
    internal string Sentence => Evidence.Verdict switch
    {
        Verdict.Pass => $"{Name} keeps its contract",
        Verdict.Fail => $"{Name} does not keep its contract",
        Verdict.Inconclusive => $"the evidence cannot tell whether {Name} keeps its contract",
        _ => $"{Name} was not verified in full",
    };

    /// <summary>How many clauses came out how: <c>15 pass, 1 fail</c>.</summary>
    internal string Tally => string.Join(", ", Evidence.Clauses.GroupBy(c => c.Verdict).OrderBy(g => g.Key).Select(g => $"{g.Count()} {Wording.Of(g.Key)}"));
}
