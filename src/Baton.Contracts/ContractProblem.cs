namespace Baton.Contracts;

/// <summary>One fault found in the text of a contract.</summary>
/// <param name="Path">Where, as a path of fields: <c>clauses.metrics.roc_auc.min</c>; empty for the document as a whole.</param>
/// <param name="Message">What is wrong, what was expected, what to write instead.</param>
/// <param name="Line">Line in the text, from 1.</param>
/// <param name="Column">Column in the text, from 1.</param>
/// <param name="Suggestion">The word or value that was probably meant; null where there is no likely one.</param>
public sealed record ContractProblem(string Path, string Message, int Line, int Column, string? Suggestion = null)
{
    /// <inheritdoc />
    public override string ToString() => $"line {Line}, column {Column}: {Message}";
}
