namespace Baton.Server.Runs.Searching;

/// <summary>
/// Which way a metric is to go, where nothing says so: by the words of its name. The run's tag <c>baton.goal.KEY</c>, else the experiment's, says
/// <c>minimize</c> or <c>maximize</c>.
/// </summary>
internal static class MetricGoal
{
    /// <summary>Put before a metric's key, the name of the tag that tells its goal.</summary>
    public const string TagPrefix = "baton.goal.";

    // Words of names whose least value is the best one.
    private static readonly HashSet<string> Falling = new(StringComparer.OrdinalIgnoreCase)
    {
        "loss", "error", "err", "rmse", "mse", "mae", "mape", "smape", "msle", "rmsle", "medae", "brier", "deviance", "perplexity", "ppl", "wer", "cer",
        "logloss", "nll", "crossentropy", "entropy", "ece", "latency", "regret", "fid", "residual",
    };

    public static bool IsFalling(string key)
    {
        var start = 0;
        for (var at = 0; at <= key.Length; at++)
        {
            if (at < key.Length && char.IsLetter(key[at]))
                continue;
            if (at > start && Falling.Contains(key[start..at]))
                return true;
            start = at + 1;
        }

        return false;
    }
}
