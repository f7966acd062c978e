using System.CommandLine;
using System.Globalization;
using Baton.Client;
using Baton.Terminal;
using Spectre.Console;

namespace Baton.Verbs;

/// <summary><c>baton predictions query</c>: logged predictions with their labels, as a table or a file.</summary>
internal sealed class PredictionsQueryVerb : Command
{
    private const int RowsShown = 20;
    private const int MostRows = 1_000_000;

    private readonly Option<string> _endpoint = PredictionsVerb.Endpoint();
    private readonly Option<string?> _from = new("--from") { Description = "First event time, e.g. 2001-02-15 or 2001-02-15T08:30:00Z", HelpName = "TIME" };
    private readonly Option<string?> _to = new("--to") { Description = "Event time after the last", HelpName = "TIME" };
    private readonly Option<string?> _version = new("--version") { Description = "Only predictions of this version", HelpName = "VERSION" };
    private readonly Option<int?> _limit = new("--limit") { Description = $"The most rows, the earliest first [default: {RowsShown} on the terminal, {MostRows} into a file]", HelpName = "N" };
    private readonly Option<string?> _out = new("--out") { Description = "Write a file instead: .parquet, .csv or .json", HelpName = "FILE" };
    private readonly Option<string?> _server = Flags.Server();
    private readonly Option<bool> _json = Flags.Json();

    public PredictionsQueryVerb()
        : base("query", "Read predictions with the last revision of their labels, by event time.")
    {
        foreach (var option in new Option[] { _endpoint, _from, _to, _version, _limit, _out, _server, _json })
            Add(option);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var screen = new Screen(parse.GetValue(_json));
        var (endpoint, file) = (parse.GetRequiredValue(_endpoint), parse.GetValue(_out));
        var range = new PredictionRange
        {
            From = Time(parse, _from),
            To = Time(parse, _to),
            Version = parse.GetValue(_version),
            Limit = Limit(parse.GetValue(_limit) ?? (file is null ? RowsShown : MostRows)),
        };
        using var client = Flags.Connect(parse, _server);
        if (file is not null)
        {
            await client.DownloadPredictionsAsync(endpoint, range, FormatOf(file), file, stop);
            if (screen.Json)
                Screen.WriteJson(new { endpoint, file = Path.GetFullPath(file), bytes = new FileInfo(file).Length });
            else
                screen.Line($"wrote {file} ({new FileInfo(file).Length:N0} bytes)");
            return ExitCode.Done;
        }

        var predictions = await client.ListPredictionsAsync(endpoint, range, stop);
        if (screen.Json)
        {
            Screen.WriteJson(new { endpoint, predictions });
            return ExitCode.Done;
        }

        if (predictions.Count == 0)
            screen.Line($"{endpoint} has no predictions in this range.");
        else
            screen.Out.Write(TableOf(predictions));
        if (predictions.Count == range.Limit)
            screen.Note($"the first {range.Limit}; --limit shows more, --out FILE.parquet writes all");
        return ExitCode.Done;
    }

    private static Table TableOf(IReadOnlyList<PredictionRecord> predictions)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("event time", "prediction", "version");
        table.AddColumn(new TableColumn("score").RightAligned()).AddColumn(new TableColumn("label").RightAligned()).AddColumn(new TableColumn("µs").RightAligned());
        foreach (var p in predictions)
        {
            table.AddRow(
                p.EventTime.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                Markup.Escape(p.PredictionId),
                Markup.Escape(p.Version),
                p.Score?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "",
                Markup.Escape(p.Label?.ToString() ?? ""),
                p.LatencyUs.ToString(CultureInfo.InvariantCulture));
        }

        return table;
    }

    private static DateTimeOffset? Time(ParseResult parse, Option<string?> option)
    {
        if (parse.GetValue(option) is not { } text)
            return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at
            : throw new UsageException($"{option.Name} '{text}' is no time; expected a day such as 2001-02-15, or a time such as 2001-02-15T08:30:00Z.");
    }

    private static int Limit(int limit) => limit is > 0 and <= MostRows
        ? limit
        : throw new UsageException($"--limit {limit} is out of range; expected 1 to {MostRows}.");

    private static string FormatOf(string file) => Path.GetExtension(file).ToLowerInvariant() switch
    {
        ".parquet" => "parquet",
        ".csv" => "csv",
        ".json" => "json",
        _ => throw new UsageException($"'{file}' tells no format; expected a name that ends in .parquet, .csv or .json."),
    };
}
