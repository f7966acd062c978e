namespace Baton.Statistics;

/// <summary>What a bootstrap found: an interval, or why there is none.</summary>
/// <param name="Interval">The interval; null where there is none.</param>
/// <param name="UndefinedBecause">Why there is no interval; null where there is one.</param>
/// <param name="UndefinedResamples">Resamples that were left out because the metric is undefined for them (e.g. of one class only).</param>
public sealed record BootstrapResult(BootstrapInterval? Interval, string? UndefinedBecause, int UndefinedResamples);

/// <summary>A percentile interval.</summary>
/// <param name="Estimate">The value on all rows as they are.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
/// <param name="Confidence">Two-sided confidence, 0 to 1.</param>
/// <param name="Units">How many rows or groups were drawn from.</param>
public sealed record BootstrapInterval(double Estimate, double Low, double High, double Confidence, int Units);
