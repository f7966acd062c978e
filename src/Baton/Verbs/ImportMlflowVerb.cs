using System.CommandLine;
using Baton.Client;
using Baton.Configuration;
using Baton.Database;
using Baton.Importing;
using Baton.Terminal;

namespace Baton.Verbs;

/// <summary><c>baton import mlflow</c>: carries an mlruns folder or an mlflow.db to a server, and says what could not be carried.</summary>
internal sealed class ImportMlflowVerb : Command
{
    private readonly Argument<string> _path = new("PATH") { Description = "An mlruns folder, an mlflow.db, or a folder that holds them" };
    private readonly Option<string?> _server = Flags.Server();
    private readonly Option<string?> _project = new("--project") { Description = "Project to import into [default: default]", HelpName = "PROJECT" };

    private readonly Option<string[]> _experiments = new("--experiment")
    {
        Description = "Only this experiment, and the model versions of its runs; may be given again",
        HelpName = "NAME",
    };

    private readonly Option<string?> _artifacts = new("--artifacts") { Description = "Folder that the artifacts were copied to", HelpName = "DIR" };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Read everything, send nothing, tell what there is" };
    private readonly Option<string?> _report = new("--report") { Description = "Write the loss report as JSON", HelpName = "FILE" };
    private readonly Option<bool> _watch = new("--watch") { Description = "Follow an mlruns folder while it is written, until Ctrl-C" };
    private readonly Option<bool> _json = Flags.Json();

    public ImportMlflowVerb()
        : base("mlflow", "Carry what MLflow has kept to a server. Running it again carries what is new. Exit code 1: something was left behind.")
    {
        Add(_path);
        foreach (var option in new Option[] { _server, _project, _experiments, _artifacts, _dryRun, _report, _watch, _json })
            Add(option);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var screen = new Screen(parse.GetValue(_json));
        try
        {
            var place = SourcePlace.Find(parse.GetRequiredValue(_path), parse.GetValue(_artifacts));
            var dryRun = parse.GetValue(_dryRun);
            using var client = dryRun ? null : new BatonClient(Settings.Load().Server(parse.GetValue(_server)), project: parse.GetValue(_project));
            var experiments = parse.GetValue(_experiments) ?? [];
            return parse.GetValue(_watch)
                ? await FollowAsync(screen, place, client ?? throw new UsageException("--watch sends what it sees; leave out --dry-run."), experiments, stop)
                : await CarryAsync(screen, place, client, experiments, parse.GetValue(_report), stop);
        }
        catch (DatabaseException unreadable)
        {
            throw new UsageException(unreadable.Message, unreadable);
        }
    }

    private static async Task<int> CarryAsync(
        Screen screen, SourcePlace place, BatonClient? client, IReadOnlyCollection<string> experiments, string? reportFile, CancellationToken stop)
    {
        var report = new ImportReport();
        await screen.WithProgressAsync($"importing {place.Path}", async tell =>
        {
            var folders = new ArtifactFolders(place.Artifacts);
            if (place.Database is { } file)
            {
                using var database = new SqliteStore(file, report);
                await new Importer(new Courier(client, $"mlflow:{file}", false), folders, report, tell).RunAsync(database, experiments, stop);
            }

            if (place.Folder is { } folder)
                await new Importer(new Courier(client, $"mlflow:{folder}", false), folders, report, tell)
                    .RunAsync(new FileStore(folder, report, TimeProvider.System), place.Database is null ? experiments : [], stop);
            return true;
        });
        var document = new
        {
            Source = place.Path,
            DryRun = client is null,
            Lossless = !report.HasLoss,
            Kinds = report.Tallies.Select(t => new
            {
                t.Kind,
                t.Tally.Found,
                t.Tally.Carried,
                t.Tally.Unchanged,
                t.Tally.ByReference,
                t.Tally.Skipped,
                t.Tally.Renamed,
            }).ToList(),
            report.Remarks,
            report.MoreRemarks,
        };
        if (reportFile is not null)
            await File.WriteAllTextAsync(reportFile, System.Text.Json.JsonSerializer.Serialize(document, WireJson.Indented), stop);
        if (screen.Json)
            Screen.WriteJson(document);
        else
            ReportTable.Write(screen, report, client is null);
        return report.HasLoss ? ExitCode.Failed : ExitCode.Done;
    }

    private static async Task<int> FollowAsync(Screen screen, SourcePlace place, BatonClient client, IReadOnlyCollection<string> experiments, CancellationToken stop)
    {
        if (place.Folder is not { } folder)
            throw new UsageException($"--watch follows an mlruns folder; '{place.Path}' is a database: run the import again now and then instead.");
        screen.Line($"Following {folder}; Ctrl-C ends it.");
        try
        {
            await new Follower(client, place, $"mlflow:{folder}", experiments, screen.Line, TimeProvider.System).RunAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            screen.Line("No longer following.");
        }

        return ExitCode.Done;
    }
}
