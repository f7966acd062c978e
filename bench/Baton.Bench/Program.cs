using Baton.Bench;

var options = BenchOptions.Parse(args);
if (options is null)
{
    await Console.Error.WriteLineAsync(BenchOptions.Usage);
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
    var report = await ServingBench.RunAsync(options, stop.Token);
    Console.WriteLine(report);
    if (!options.Dry)
        Recorded.Write(Path.Combine(options.Repository, "docs", "performance.md"), "serving", report);
    return 0;
}
catch (Exception e) when (e is BenchException or OperationCanceledException)
{
    await Console.Error.WriteLineAsync(e is BenchException ? e.Message : "Stopped: nothing was recorded.");
    return 4;
}
