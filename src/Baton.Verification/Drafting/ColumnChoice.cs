namespace Baton.Verification.Drafting;

/// <summary>Columns of the reference predictions as somebody named them; what is null is guessed by name.</summary>
public sealed record ColumnChoice
{
    /// <summary>Id of a row.</summary>
    public string? Id { get; init; }

    /// <summary>Ground truth.</summary>
    public string? Label { get; init; }

    /// <summary>Predicted class or value.</summary>
    public string? Prediction { get; init; }

    /// <summary>Score of the positive class.</summary>
    public string? Score { get; init; }

    /// <summary>Scores of three classes or more, in the order of the classes.</summary>
    public IReadOnlyList<string>? Scores { get; init; }
}
