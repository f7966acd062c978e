namespace Baton.Serving.Models;

/// <summary>What of an endpoint's predictions is logged.</summary>
/// <param name="Sample">Share of the predictions that is kept, 0 to 1.</param>
/// <param name="Redact">Names of inputs whose values are never written.</param>
public sealed record LoggingPolicy(double Sample, IReadOnlyList<string> Redact)
{
    /// <summary>Everything is logged.</summary>
    public static LoggingPolicy Everything { get; } = new(1, []);
}
