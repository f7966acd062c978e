using System.Diagnostics;
using System.Globalization;
using System.Text;
using Baton.Statistics;

namespace Baton.Bench;

/// <summary>What the arithmetic of verdicts costs, in this process, against the limits that verification has.</summary>
internal static class StatisticsBench
{
    public const string Usage = "usage: bench/run statistics [--dry]";

    private const int Resamples = 1_000;
    private const int RowsOfArea = 1_000_000;
    private const int RowsOfMetrics = 10_000_000;
    private const int MostMebibytes = 1_024;

    /// <summary>Runs all; a table as Markdown.</summary>
    public static string Run()
    {
        var table = new StringBuilder("| | on the clock | CPU | at most | peak memory of the process |\n|---|---:|---:|---:|---:|\n");
        var rows = Rows(RowsOfArea);
        var units = ResamplingUnits.ByRow(RowsOfArea);
        foreach (var (name, method) in new[] { ("percentile", BootstrapMethod.Percentile), ("BCa", BootstrapMethod.Bca) })
        {
            Row(table, $"interval of `roc_auc`, {Resamples:N0} resamples of {RowsOfArea:N0} rows, {name}", () => Bootstrap.Interval(
                Metrics.Find("roc_auc")!, rows, units, resamples: Resamples, threads: Environment.ProcessorCount, method: method).Interval!.Estimate);
        }

        var many = Rows(RowsOfMetrics);
        var metrics = Metrics.All.Where(metric => metric.Facts.Tasks.StartsWith("binary", StringComparison.Ordinal) && !metric.Needs.HasFlag(MetricNeeds.Costs)).ToList();
        Row(table, $"all {metrics.Count} binary metrics of {RowsOfMetrics:N0} rows", () => metrics.Sum(metric => metric.Compute(many).Value!.Value));
        return table.ToString();
    }

    private static void Row(StringBuilder table, string what, Func<double> work)
    {
        using var process = Process.GetCurrentProcess();
        var (began, cpu) = (Stopwatch.GetTimestamp(), process.TotalProcessorTime);
        var value = work();
        process.Refresh();
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        if (!double.IsFinite(value))
            throw new BenchException($"{what} came to {value}.");
        table.AppendLine(CultureInfo.InvariantCulture,
            $"| {what} | {seconds:0.0} s | {(process.TotalProcessorTime - cpu).TotalSeconds:0.0} s | 10 s{(seconds > 10 ? ", **over**" : "")} | {process.PeakWorkingSet64 >> 20:N0} MiB of {MostMebibytes:N0} |");
    }

    /// <summary>One in five positive, scores that are somewhat right.</summary>
    private static Observations Rows(int count)
    {
        var random = new Random(1);
        var (labels, scores) = (new double[count], new double[count]);
        for (var row = 0; row < count; row++)
        {
            labels[row] = random.NextDouble() < 0.2 ? 1 : 0;
            scores[row] = (0.2 * labels[row]) + (0.8 * random.NextDouble());
        }

        return new Observations(labels, scores);
    }
}
