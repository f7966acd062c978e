using System.CommandLine;
using System.Globalization;
using Baton.Terminal;
using Spectre.Console;

namespace Baton.Verbs;

/// <summary><c>baton predictions replay</c>: runs one prediction through a version again.</summary>
internal sealed class PredictionsReplayVerb : Command
{
    private readonly Argument<string> _id = new("ID") { Description = "Prediction, as the answer named it" };
    private readonly Option<string> _endpoint = PredictionsVerb.Endpoint();
    private readonly Option<string> _version = new("--version") { Description = "Version to run its inputs through", HelpName = "VERSION", Required = true };
    private readonly Option<string?> _server = Flags.Server();
    private readonly Option<bool> _json = Flags.Json();

    public PredictionsReplayVerb()
        : base("replay", "Run the inputs of one prediction through a version again, by an agent. Exit code 1 says that the answer is another.")
    {
        Add(_id);
        foreach (var option in new Option[] { _endpoint, _version, _server, _json })
            Add(option);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var screen = new Screen(parse.GetValue(_json));
        var (endpoint, id, version) = (parse.GetRequiredValue(_endpoint), parse.GetRequiredValue(_id), parse.GetRequiredValue(_version));
        using var client = Flags.Connect(parse, _server);
        var replay = await screen.WithProgressAsync($"running {id} through version {version}", _ => client.ReplayPredictionAsync(endpoint, id, version, stop));
        if (screen.Json)
        {
            Screen.WriteJson(replay);
            return replay.Same ? ExitCode.Done : ExitCode.Failed;
        }

        PredictionsShowVerb.Write(screen, $"version {replay.Version} now", replay.Outputs);
        PredictionsShowVerb.Write(screen, $"version {replay.Recorded.Version} then", replay.Recorded.Outputs);
        var difference = replay.LargestDifference is { } largest ? string.Create(CultureInfo.InvariantCulture, $"largest difference {largest:0.###e+0}") : "no numbers to compare";
        screen.Out.MarkupLine(replay.Same ? $"[green]same answer[/] ({difference})" : $"[yellow]another answer[/] ({difference})");
        return replay.Same ? ExitCode.Done : ExitCode.Failed;
    }
}
