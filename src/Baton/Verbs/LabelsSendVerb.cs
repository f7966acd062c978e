using System.CommandLine;
using System.Text;
using Baton.Client;
using Baton.Terminal;

namespace Baton.Verbs;

/// <summary><c>baton labels send</c>: sends a file of labels, in parts. What was sent already changes nothing, so a broken run is simply run again.</summary>
internal sealed class LabelsSendVerb : Command
{
    private const int LinesOfPart = 5000;

    private readonly Argument<string> _file = new("FILE") { Description = "CSV with a header (prediction_id, value, known_at, revision), or NDJSON with these fields" };
    private readonly Option<string> _endpoint = PredictionsVerb.Endpoint();
    private readonly Option<string?> _server = Flags.Server();
    private readonly Option<bool> _json = Flags.Json();

    public LabelsSendVerb()
        : base("send", "Send the labels of a file. Sending it again changes nothing.")
    {
        Add(_file);
        foreach (var option in new Option[] { _endpoint, _server, _json })
            Add(option);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var screen = new Screen(parse.GetValue(_json));
        var (file, endpoint) = (parse.GetRequiredValue(_file), parse.GetRequiredValue(_endpoint));
        var contentType = Path.GetExtension(file).ToLowerInvariant() switch
        {
            ".csv" => "text/csv",
            ".ndjson" or ".jsonl" => "application/x-ndjson",
            _ => throw new UsageException($"'{file}' tells no format; expected a name that ends in .csv, .ndjson or .jsonl."),
        };
        if (!File.Exists(file))
            throw new UsageException($"There is no file '{file}'.");
        using var client = Flags.Connect(parse, _server);
        var (accepted, unchanged) = await screen.WithProgressAsync($"sending {file}", async tell =>
        {
            var (taken, known) = (0, 0);
            await foreach (var (firstLine, text) in PartsAsync(file, contentType == "text/csv", stop))
            {
                var receipt = await SendAsync(client, endpoint, text, contentType, firstLine, stop);
                (taken, known) = (taken + receipt.Accepted, known + receipt.Unchanged);
                tell($"{taken + known:N0} labels");
            }

            return (taken, known);
        });
        if (screen.Json)
            Screen.WriteJson(new LabelReceipt(accepted, unchanged));
        else
            screen.Line($"{accepted:N0} labels stored, {unchanged:N0} were there already");
        return ExitCode.Done;
    }

    /// <summary>The server counts lines within what it was sent; people count them in their file.</summary>
    private static async Task<LabelReceipt> SendAsync(BatonClient client, string endpoint, string text, string contentType, int firstLine, CancellationToken stop)
    {
        try
        {
            return await client.RecordLabelsAsync(endpoint, text, contentType, stop);
        }
        catch (BatonApiException refused) when (refused.Errors is [{ Line: { } line } fault, ..])
        {
            var stored = firstLine == 0 ? "Nothing was stored" : $"The lines up to {firstLine + (contentType == "text/csv" ? 1 : 0)} are stored";
            throw new UsageException($"line {line + firstLine}{(fault.Path is { Length: > 0 } field ? $", field {field}" : "")}: {fault.Message}. {stored}; put it right and send the file again.");
        }
    }

    /// <summary>Parts of the file that end with a record, each CSV part with the header, and the number of lines before what it counts from 1.</summary>
    private static async IAsyncEnumerable<(int Before, string Text)> PartsAsync(string file, bool csv, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        using var reader = new StreamReader(file);
        var header = csv ? await reader.ReadLineAsync(stop) + "\n" : "";
        var (part, lines, read, quotes) = (new StringBuilder(header), 0, csv ? 1 : 0, 0);
        while (await reader.ReadLineAsync(stop) is { } line)
        {
            part.Append(line).Append('\n');
            (lines, read, quotes) = (lines + 1, read + 1, quotes + line.Count(c => c == '"'));
            // An odd number of quotes: a field goes on in the next line.
            if (lines < LinesOfPart || (csv && quotes % 2 == 1))
                continue;
            yield return (read - lines - (csv ? 1 : 0), part.ToString());
            (part, lines, quotes) = (new StringBuilder(header), 0, 0);
        }

        if (lines > 0)
            yield return (read - lines - (csv ? 1 : 0), part.ToString());
    }
}
