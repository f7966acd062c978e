namespace Baton.Statistics;

/// <summary>How an interval is read from resamples.</summary>
public enum BootstrapMethod
{
    /// <summary>Quantiles of the resampled values as they are.</summary>
    Percentile,

    /// <summary>
    /// Bias-corrected and accelerated (Efron 1987): quantiles moved by how far the resamples lie off the estimate, and by how its spread changes with it.
    /// </summary>
    Bca,
}

/// <summary>What a bootstrap found: an interval, or why there is none.</summary>
/// <param name="Interval">The interval; null where there is none.</param>
/// <param name="UndefinedBecause">Why there is no interval; null where there is one.</param>
/// <param name="UndefinedResamples">Resamples that were left out because the metric is undefined for them (e.g. of one class only).</param>
public sealed record BootstrapResult(BootstrapInterval? Interval, string? UndefinedBecause, int UndefinedResamples)
{
    /// <summary>Why the interval is to be read with care (all resamples equal, BCa not possible); null where there is nothing to say.</summary>
    public string? Caution { get; init; }
}

/// <summary>An interval from resamples.</summary>
/// <param name="Estimate">The value on all rows as they are.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
/// <param name="Confidence">Two-sided confidence, 0 to 1.</param>
/// <param name="Units">How many rows or groups were drawn from.</param>
public sealed record BootstrapInterval(double Estimate, double Low, double High, double Confidence, int Units);
