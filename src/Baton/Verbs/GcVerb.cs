using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using Baton.Client;
using Baton.Terminal;

namespace Baton.Verbs;

/// <summary><c>baton gc</c>: frees what nothing needs any more.</summary>
internal sealed partial class GcVerb : Command
{
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Tell what would be freed, and change nothing" };
    private readonly Option<string> _olderThan = new("--older-than")
    {
        Description = "How long ago a run, experiment or logged model was deleted, e.g. 12h or 7d",
        HelpName = "TIME",
        DefaultValueFactory = _ => "7d",
    };

    private readonly Option<bool> _verbose = new("--verbose") { Description = "List each thing that is freed" };
    private readonly Option<string?> _server = Flags.Server();
    private readonly Option<bool> _json = Flags.Json();

    public GcVerb()
        : base("gc", "Free what nothing needs: runs, experiments and logged models deleted long ago, and files that nothing names.")
    {
        foreach (var option in new Option[] { _dryRun, _olderThan, _verbose, _server, _json })
            Add(option);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var screen = new Screen(parse.GetValue(_json));
        var (dryRun, verbose) = (parse.GetValue(_dryRun), parse.GetValue(_verbose));
        var olderThan = ReadTime(parse.GetRequiredValue(_olderThan));
        using var client = Flags.Connect(parse, _server);
        var steps = new List<GarbageStep>();
        var (things, bytes) = (0L, 0L);
        var report = await screen.WithProgressAsync("looking for what nothing needs", tell => client.CollectGarbageAsync(olderThan, dryRun, step =>
        {
            (things, bytes) = (things + 1, bytes + (step.Bytes ?? 0));
            if (verbose)
                steps.Add(step);
            if (things % 100 == 0)
                tell($"{things:N0} found, {Size(bytes)}");
        }, stop));
        if (screen.Json)
        {
            Screen.WriteJson(verbose ? new { report.DryRun, report.Runs, report.LoggedModels, report.Experiments, report.Blobs, report.Bytes, Freed = steps } : (object)report);
            return ExitCode.Done;
        }

        foreach (var step in steps)
            screen.Line($"  {step.Kind.Replace('_', ' ')} {step.Name}{(step.Bytes is { } size ? $"  {Size(size)}" : "")}");
        screen.Line($"{(dryRun ? "would free" : "freed")} {Size(report.Bytes)} in {report.Blobs:N0} files");
        screen.Line($"  {report.Runs:N0} runs, {report.LoggedModels:N0} logged models and {report.Experiments:N0} experiments deleted {parse.GetRequiredValue(_olderThan)} ago or longer");
        return ExitCode.Done;
    }

    private static TimeSpan ReadTime(string text)
    {
        if (TimeText().Match(text) is not { Success: true } match || !long.TryParse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out var number) || number > 36_500)
            throw new UsageException($"'{text}' is no time; expected a number and s, m, h or d, e.g. 7d.");
        return match.Groups[2].Value switch
        {
            "s" => TimeSpan.FromSeconds(number),
            "m" => TimeSpan.FromMinutes(number),
            "h" => TimeSpan.FromHours(number),
            _ => TimeSpan.FromDays(number),
        };
    }

    private static string Size(long bytes) => bytes switch
    {
        < 1024 => $"{bytes} B",
        < 1024 * 1024 => $"{bytes / 1024.0:0.0} KiB",
        < 1024L * 1024 * 1024 => $"{bytes / 1024.0 / 1024:0.0} MiB",
        _ => $"{bytes / 1024.0 / 1024 / 1024:0.0} GiB",
    };

    [GeneratedRegex("^([0-9]+)([smhd])$")]
    private static partial Regex TimeText();
}
