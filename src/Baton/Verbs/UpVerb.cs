using System.CommandLine;
using Baton.Configuration;
using Baton.Supervision;
using Baton.Terminal;

namespace Baton.Verbs;

/// <summary><c>baton up</c>: a control plane, a serving node and an agent, supervised, until Ctrl-C.</summary>
internal sealed class UpVerb : Command
{
    private readonly ServerFlags _flags = new();
    private readonly Option<string?> _servePort = Settings.OptionFor(Setting.ServePort);

    public UpVerb()
        : base("up", "Start a control plane, a serving node and an agent on this machine, and keep them running until Ctrl-C.")
    {
        _flags.AddTo(this);
        Add(_servePort);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var screen = new Screen(json: false);
        var options = _flags.Read(parse);
        await using var supervisor = new Supervisor(options, Settings.Load().Port(Setting.ServePort, parse.GetValue(_servePort)), screen.Note, TimeProvider.System);
        try
        {
            var address = await supervisor.StartAsync(stop);
            screen.Line($"Baton is at {address}");
            screen.Line($"  serving  {supervisor.ServingAddress!.GetLeftPart(UriPartial.Authority)}");
            screen.Line($"  data     {Path.GetFullPath(options.DataDirectory)}");
            screen.Line($"  use      MLFLOW_TRACKING_URI={address.ToString().TrimEnd('/')}");
            screen.Line("  end      Ctrl-C");
            await Task.Delay(Timeout.Infinite, stop);
        }
        catch (ChildRefusedException e)
        {
            return e.ExitCode;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            screen.Note("stopping");
        }
        return ExitCode.Done;
    }
}
