namespace Baton.Server.Runs;

/// <summary>A key of metrics, params or tags.</summary>
/// <param name="Text">As clients write it.</param>
/// <param name="Number">What its rows are kept under; 0 while it has none.</param>
internal sealed record LogKey(string Text, long Number)
{
    /// <summary>Whether it keeps MLflow's rule for names; found once, since a key comes with every point.</summary>
    public bool IsLawful { get; } = KeyRule.IsLawful(Text);
}
