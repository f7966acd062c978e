using System.CommandLine;
using System.Globalization;
using Baton.Client;
using Baton.Configuration;
using Baton.Quickstart;
using Baton.Server;
using Baton.Supervision;
using Baton.Terminal;

namespace Baton.Verbs;

/// <summary><c>baton quickstart</c>: the lap with real data, from three runs to a version in production and its weekly figures.</summary>
internal sealed class QuickstartVerb : Command
{
    private readonly Option<string?> _data = new("--data")
    {
        Description = "New or empty directory [default: baton-data/quickstart-TIME]",
        HelpName = "DIR",
    };

    private readonly Option<string?> _port = Settings.OptionFor(Setting.Port);
    private readonly Option<string?> _servePort = Settings.OptionFor(Setting.ServePort);
    private readonly Option<bool> _exit = new("--exit") { Description = "Stop everything at the end; otherwise Baton stays up until Ctrl-C" };
    private readonly Option<bool> _json = Flags.Json();

    public QuickstartVerb()
        : base("quickstart", "Carry three real models from their runs to verdicts and production, and the best of them through four months of real flights.")
    {
        foreach (var option in new Option[] { _data, _port, _servePort, _exit, _json })
            Add(option);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var time = TimeProvider.System;
        var started = time.GetTimestamp();
        var screen = new Screen(parse.GetValue(_json), progressWithJson: true);
        var sample = FlightsSample.Find();
        var options = new ServerOptions { DataDirectory = Fresh(parse.GetValue(_data), time), Port = Settings.Load().Port(Setting.Port, parse.GetValue(_port)) };
        var servePort = Settings.Load().Port(Setting.ServePort, parse.GetValue(_servePort));

        await using var supervisor = new Supervisor(options, servePort, screen.Note, time);
        try
        {
            var address = await supervisor.StartAsync(stop);
            using var client = new BatonClient(address);
            var narrator = new Narrator(screen, time);
            var summary = await new Lap(client, sample, narrator, time).RunAsync(started, stop);
            narrator.Conclude(summary, new Pages(client.Server));
            if (screen.Json)
                Screen.WriteJson(summary);
            if (!parse.GetValue(_exit))
            {
                screen.Note($"Baton stays at {address} (data: {options.DataDirectory}); Ctrl-C ends it.");
                await UntilStopped(stop);
            }
            return summary.Differences.Count == 0 ? ExitCode.Done : ExitCode.Failed;
        }
        catch (ChildRefusedException e)
        {
            return e.ExitCode;
        }
    }

    private static string Fresh(string? given, TimeProvider time)
    {
        var stamp = time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var directory = given ?? Path.Combine(Setting.Data.Default!, $"quickstart-{stamp}");
        return Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any()
            ? throw new UsageException(
                $"{directory} is not empty: the quickstart tells its story from the beginning; give --data a new or empty directory, "
                + $"or look at what is there with `baton up --data {directory}`.")
            : directory;
    }

    private static async Task UntilStopped(CancellationToken stop)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, stop);
        }
        catch (OperationCanceledException)
        {
            // Asked to end: that is how it ends.
        }
    }
}
