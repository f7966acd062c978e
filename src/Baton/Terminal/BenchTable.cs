using Baton.Inference.Execution;
using Baton.Verification.Load;
using Spectre.Console;

namespace Baton.Terminal;

/// <summary>What a bench found, for people: throughput, percentiles with their intervals, a histogram, and how far the machine can be trusted.</summary>
internal sealed class BenchTable(Screen screen)
{
    private const int BarWidth = 48;

    /// <summary>Writes the report.</summary>
    public void Write(BenchReport report)
    {
        screen.Out.MarkupLineInterpolated($"[bold]{report.Target}[/]");
        screen.Out.MarkupLineInterpolated($"[grey]{report.AnsweredBy}; {report.Inputs}[/]");
        screen.Line();
        screen.Line($"  {Load(report)}");
        screen.Line($"  {Words.Number(report.Requests)} requests in {Words.Rounded(report.Seconds)} s: {Words.Rounded(report.RequestsPerSecond)} requests/s, {Words.Rounded(report.RowsPerSecond)} rows/s; "
            + $"{(report.Errors == 0 ? "none failed" : $"{Words.Number(report.Errors)} failed")}");
        if (report.ColdStartMilliseconds is { } cold)
            screen.Line($"  first answer {Words.Rounded(cold)} ms after the start of the process; peak memory above the empty process {Words.Rounded((report.PeakMemoryBytes ?? 0) / (double)(1 << 20))} MiB");
        if (report.FirstError is { } error)
            screen.Out.MarkupLineInterpolated($"  [red]the first that failed: {error}[/]");
        screen.Line();
        Percentiles(report);
        screen.Line();
        Histogram(report);
        screen.Line();
        screen.Out.MarkupLineInterpolated($"[grey]{Machine(report)}[/]");
        screen.Out.MarkupLineInterpolated($"[grey]meanwhile: {report.MachineMeanwhile}[/]");
        if (report.Noise.Count > 0)
            screen.Out.MarkupLineInterpolated($"[yellow]the machine was noisy, the times are not exact: {string.Join("; ", report.Noise)}[/]");
    }

    /// <summary>The load in words.</summary>
    public static string Load(BenchReport report) => (report.Scenario switch
    {
        LoadScenario.Server => $"server: {Words.Number(report.Load ?? 0)} requests/s, Poisson arrivals; a latency counts from the planned arrival",
        LoadScenario.SingleStream => "single_stream: one request after the other",
        LoadScenario.MultiStream => $"multi_stream: {BenchPlan.SamplesPerQuery} samples a query, one query after the other",
        _ => $"offline: everything at once, {report.Streams} under way",
    }) + $"; {report.RowsPerRequest} {(report.RowsPerRequest == 1 ? "row" : "rows")} a request; {Words.Number(report.WarmUpCalls)} warm-up calls left out";

    /// <summary>The machine in a line.</summary>
    public static string Machine(BenchReport report)
    {
        var machine = report.Machine;
        string?[] parts =
        [
            machine.Cpu, $"{Words.Number(machine.Cores)} cores", $"{Words.Number(machine.MemoryBytes / (double)(1L << 30))} GiB", machine.Virtualised,
            machine.Governor is { } governor ? $"governor {governor}" : null, machine.Provider is { } provider ? $"ran on the provider {provider}" : null,
        ];
        return $"on {string.Join(", ", parts.OfType<string>())}";
    }

    /// <summary>What can be claimed of a percentile.</summary>
    public static string Claim(BenchPercentile percentile) => percentile switch
    {
        { MoreRequests: > 0 } => $"{Words.Number(percentile.MoreRequests)} more requests needed to claim it",
        { High: { } high, Low: { } low } => $"{Words.Rounded(low)} to {Words.Rounded(high)} ms",
        _ => "too many requests failed",
    };

    private void Percentiles(BenchReport report)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("percentile").AddColumn(new TableColumn("ms").RightAligned())
            .AddColumn($"interval ({Words.Number(report.Percentiles[0].Confidence * 100)} %)");
        foreach (var percentile in report.Percentiles)
            table.AddRow($"p{percentile.Percentile.ToString(System.Globalization.CultureInfo.InvariantCulture)}", percentile.Milliseconds is { } ms ? Words.Rounded(ms) : "-", Claim(percentile));
        screen.Out.Write(table);
    }

    private void Histogram(BenchReport report)
    {
        var most = report.Histogram.Select(b => b.Count).DefaultIfEmpty().Max();
        foreach (var bar in report.Histogram)
        {
            var length = bar.Count == 0 ? 0 : Math.Max(1, (int)(bar.Count * BarWidth / most));
            screen.Out.MarkupLineInterpolated($"  {Words.Rounded(bar.High),9} ms [teal]{new string('█', length)}[/] {(bar.Count == 0 ? "" : Words.Number(bar.Count))}");
        }
    }
}
