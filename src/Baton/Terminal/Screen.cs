using System.Text.Json;
using Baton.Client;
using Spectre.Console;

namespace Baton.Terminal;

/// <summary>Where a verb's words go: results to stdout, everything else to stderr, and with <c>--json</c> one document and nothing beside it.</summary>
internal sealed class Screen
{
    private const int NarrowestTable = 80;
    private const int WidestTable = 120;

    private readonly bool _quiet;
    private readonly IAnsiConsole _error;

    /// <param name="json">Whether stdout is for a program: no progress, no colours.</param>
    /// <param name="progressWithJson">Whether progress is shown on stderr all the same.</param>
    public Screen(bool json, bool progressWithJson = false)
    {
        Json = json;
        _quiet = json && !progressWithJson;
        Out = Open(Console.Out, Console.IsOutputRedirected);
        _error = Open(Console.Error, Console.IsErrorRedirected);
    }

    /// <summary>Whether stdout is for a program.</summary>
    public bool Json { get; }

    /// <summary>Stdout.</summary>
    public IAnsiConsole Out { get; }

    /// <summary>Stderr.</summary>
    public IAnsiConsole Error => _error;

    /// <summary>What went wrong, on stderr.</summary>
    public static void Complain(string message) => Console.Error.WriteLine($"baton: {message}");

    /// <summary>What to do about it, on stderr.</summary>
    public static void Hint(string message) => Console.Error.WriteLine($"       {message}");

    /// <summary>Writes a document to stdout as JSON that people can read too.</summary>
    public static void WriteJson<T>(T document) => Console.Out.WriteLine(JsonSerializer.Serialize(document, WireJson.Indented));

    /// <summary>A plain line to stdout, never broken: addresses and paths stay whole.</summary>
    public void Line(string text = "") => Out.Profile.Out.Writer.WriteLine(text);

    /// <summary>A line of progress on stderr; nothing with <c>--json</c>.</summary>
    public void Note(string text)
    {
        if (_quiet)
            return;
        if (_error.Profile.Capabilities.Interactive)
            _error.MarkupLineInterpolated($"[grey]{text}[/]");
        else
            Console.Error.WriteLine(text);
    }

    /// <summary>Does some work under a spinner; plain lines where nobody watches, nothing with <c>--json</c>.</summary>
    /// <param name="title">What is being done.</param>
    /// <param name="work">The work; it tells what it is at.</param>
    public async Task<T> WithProgressAsync<T>(string title, Func<Action<string>, Task<T>> work)
    {
        if (_quiet)
            return await work(_ => { });
        if (_error.Profile.Capabilities.Interactive)
        {
            return await _error.Status().Spinner(Spinner.Known.Dots).SpinnerStyle(new Style(Color.Teal))
                .StartAsync(Markup.Escape(title), status => work(text => status.Status = Markup.Escape($"{title}: {text}")));
        }
        var last = "";
        _error.WriteLine(title);
        return await work(text =>
        {
            if (Interlocked.Exchange(ref last, text) != text)
                _error.WriteLine($"  {text}");
        });
    }

    private static IAnsiConsole Open(TextWriter writer, bool redirected)
    {
        var plain = redirected || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        console.Profile.Width = redirected ? WidestTable : Math.Clamp(console.Profile.Width, NarrowestTable, WidestTable);
        return console;
    }
}
