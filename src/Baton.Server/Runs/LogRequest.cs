using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;

namespace Baton.Server.Runs;

/// <summary>What is to be logged to a run. <see cref="Check"/> it before it is used.</summary>
internal sealed class LogRequest(string runId)
{
    private const int MaxMetrics = 1000;
    private const int MaxParams = 100;
    private const int MaxTags = 100;

    public string RunId { get; } = runId;

    /// <summary>Whether messages tell places (<c>metrics[3].name</c>).</summary>
    public bool IsBatch { get; init; }

    public MetricRows Metrics { get; init; } = new();

    public List<LogPair> Params { get; init; } = [];

    public List<LogPair> Tags { get; init; } = [];

    /// <summary>The first point whose time cannot be, and why.</summary>
    public (int Place, Refusal Refusal)? BadTime { get; init; }

    /// <summary>Refuses what breaks MLflow's rules, in its order: each item, then their number, then params given twice.</summary>
    public void Check()
    {
        if (IsBatch && !IsRunId(RunId))
            throw Refusal.Invalid($"Invalid value \"{CodePoints.Cut(RunId, KeyRule.MaxLength)}\" for parameter 'run_id' supplied.");
        var place = 0;
        foreach (var key in Metrics.Keys)
        {
            if (!key.IsLawful)
                KeyRule.Check(key.Text, IsBatch ? $"metrics[{place}].name" : "name", "Metric name");
            if (BadTime is { } bad && bad.Place == place)
                throw bad.Refusal;
            place++;
        }

        CheckKeys(Params, "params", "Param key");
        CheckKeys(Tags, "tags", null);
        CheckCount(MaxMetrics, Metrics.Count, "metrics");
        CheckCount(MaxParams, Params.Count, "params");
        CheckCount(MaxTags, Tags.Count, "tags");
        CheckCount(MaxMetrics, Metrics.Count + Params.Count + Tags.Count, "metrics, params, and tags");
        var twice = Params.GroupBy(p => p.Key.Text).Where(same => same.Count() > 1).Select(same => $"'{same.Key}'").ToList();
        if (twice.Count > 0)
            throw Refusal.Invalid($"Duplicate parameter keys have been submitted: [{string.Join(", ", twice)}]. " +
                "Please ensure the request contains only one param value per param key.");
    }

    /// <summary>The time of a point in microseconds, or why there is no such time.</summary>
    public static (long At, Refusal? Refusal) TimeOf(long millis, string parameter, string key, double value)
    {
        if (millis < 0)
            return (0, Refusal.Invalid($"Invalid value {millis} for parameter '{parameter}' supplied: metric '{key}' (value={Python(value)}). " +
                "Timestamp must be a nonnegative long (64-bit integer) "));
        try
        {
            return (Platform.Ids.Instants.FromMillis(millis, parameter), null);
        }
        catch (Refusal refused)
        {
            return (0, refused);
        }
    }

    private static string Python(double value)
    {
        var text = value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        return double.IsInteger(value) && !text.Contains('E') ? text + ".0" : text;
    }

    private static bool IsRunId(string id) =>
        id.Length <= 256 && char.IsAsciiLetterOrDigit(id[0]) && id.All(c => char.IsLetterOrDigit(c) || c is '_' or '-');

    private void CheckKeys(List<LogPair> pairs, string name, string? measured)
    {
        for (var i = 0; i < pairs.Count; i++)
        {
            if (pairs[i].Key.IsLawful)
                continue;
            var parameter = IsBatch ? $"{name}[{i}].key" : "key";
            KeyRule.Check(pairs[i].Key.Text, parameter, measured ?? parameter);
        }
    }

    private static void CheckCount(int most, int got, string what)
    {
        if (got > most)
            throw RunsErrors.TooMany(most, got, what);
    }
}
