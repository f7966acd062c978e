using Baton.Bench;

var serving = BenchOptions.Parse(args);
var tracking = args is ["tracking", ..] ? TrackingOptions.Parse(args) : null;
var statistics = args is ["statistics", ..];
if (serving is null && tracking is null && !statistics)
{
    await Console.Error.WriteLineAsync($"{BenchOptions.Usage}\n{TrackingOptions.Usage}\n{StatisticsBench.Usage}");
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
try
{
    if (statistics)
    {
        var report = StatisticsBench.Run();
        Console.WriteLine(report);
        if (!args.Contains("--dry") && args.SkipWhile(word => word != "--repository").Skip(1).FirstOrDefault() is { } repository)
            Recorded.Write(Path.Combine(repository, "docs", "performance.md"), "statistics", report);
        return 0;
    }

    if (serving is not null)
    {
        var report = await ServingBench.RunAsync(serving, stop.Token);
        Console.WriteLine(report);
        if (!serving.Dry)
            Recorded.Write(Path.Combine(serving.Repository, "docs", "performance.md"), "serving", report);
        return 0;
    }

    var figures = await new TrackingBench(tracking!, stop.Token).RunAsync();
    Console.WriteLine(tracking!.Json ? TrackingReport.Json(figures) : TrackingReport.Markdown(figures, tracking));
    // What is recorded is the whole table, measured in full.
    if (tracking is { Dry: false, Quick: false, Parts.Count: 5, Databases.Count: 2 })
        Recorded.Write(Path.Combine(tracking.Repository, "docs", "performance.md"), "tracking", TrackingReport.Markdown(figures, tracking));
    return figures.Any(f => f.Passes is false) ? 1 : 0;
}
catch (Exception e) when (e is BenchException or OperationCanceledException)
{
    await Console.Error.WriteLineAsync(e is BenchException ? e.Message : "Stopped: nothing was recorded.");
    return 4;
}
