using System.CommandLine;
using System.Globalization;
using Baton.Terminal;

namespace Baton.Verbs;

/// <summary><c>baton handoff waive</c>: lets a version pass the gate although a clause was not kept.</summary>
internal sealed class HandoffWaiveVerb : Command
{
    private readonly Argument<string> _subject = new("models:/NAME[/VERSION]") { Description = "A version, or a model for all of its versions" };
    private readonly Argument<string> _clause = new("CLAUSE") { Description = "The clause as evidence has it, e.g. latency" };
    private readonly Option<string> _until = new("--until") { Description = "Last moment, UTC, at most 180 days ahead: a day, or a number of days as in 30d", HelpName = "DAY", Required = true };
    private readonly Option<string> _reason = new("--reason") { Description = "Why, for the other side and the ledger", HelpName = "TEXT", Required = true };
    private readonly Option<string?> _ticket = new("--ticket") { Description = "Where it is followed up", HelpName = "TEXT" };
    private readonly Option<string?> _server = Flags.Server();
    private readonly Option<bool> _json = Flags.Json();

    public HandoffWaiveVerb()
        : base("waive", "Waive a clause until a day: the gate lets it pass, the verdict stays.")
    {
        Add(_subject);
        Add(_clause);
        foreach (var option in new Option[] { _until, _reason, _ticket, _server, _json })
            Add(option);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var screen = new Screen(parse.GetValue(_json));
        var (model, version) = Subject(parse.GetRequiredValue(_subject));
        using var client = Flags.Connect(parse, _server);
        var waiver = await client.WaiveAsync(
            model, parse.GetRequiredValue(_clause), version, parse.GetRequiredValue(_reason), Until(parse.GetRequiredValue(_until), TimeProvider.System),
            parse.GetValue(_ticket), stop);
        if (screen.Json)
            Screen.WriteJson(waiver);
        else
            screen.Line($"{model}{(version is null ? "" : "/" + version)} {waiver.Clause}: waived until {Words.At(waiver.ExpiresAt)} ({waiver.Id})");
        return ExitCode.Done;
    }

    /// <summary>A model with its version, or without.</summary>
    internal static (string Model, string? Version) Subject(string text)
    {
        if (text.StartsWith(VersionName.Prefix, StringComparison.Ordinal) && !text[VersionName.Prefix.Length..].Contains('/', StringComparison.Ordinal))
            return (ModelName.Parse(text), null);
        var named = VersionName.Parse(text);
        return (named.Model, named.Version);
    }

    private static DateTimeOffset Until(string text, TimeProvider time)
    {
        if (text.EndsWith('d') && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is > 0 and < 10000)
            return time.GetUtcNow().AddDays(days);
        return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? new DateTimeOffset(day.ToDateTime(TimeOnly.MaxValue), TimeSpan.Zero)
            : throw new UsageException($"'{text}' is no day; expected e.g. 2027-01-31, or 30d for thirty days from now.");
    }
}
