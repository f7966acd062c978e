using System.CommandLine;
using Baton.Client;
using Baton.Contracts;
using Baton.Terminal;
using Spectre.Console;

namespace Baton.Verbs;

/// <summary><c>baton handoff show</c>: handoffs with the verdict of each candidate.</summary>
internal sealed class HandoffShowVerb : Command
{
    private readonly Argument<string> _subject = new("ID | models:/NAME") { Description = "A handoff, or a model for all of its" };
    private readonly Option<string?> _server = Flags.Server();
    private readonly Option<bool> _json = Flags.Json();

    public HandoffShowVerb()
        : base("show", "Show a handoff, or those of a model, with the verdict of each candidate.")
    {
        Add(_subject);
        Add(_server);
        Add(_json);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var screen = new Screen(parse.GetValue(_json));
        var subject = parse.GetRequiredValue(_subject);
        using var client = Flags.Connect(parse, _server);
        var handoffs = subject.StartsWith(VersionName.Prefix, StringComparison.Ordinal)
            ? await client.ListHandoffsAsync(ModelName.Parse(subject), stop)
            : [await client.GetHandoffAsync(subject, stop)];
        var shown = new List<(HandoffRecord Handoff, IReadOnlyList<VerificationRecord> Verifications)>();
        foreach (var handoff in handoffs)
            shown.Add((handoff, await client.ListVerificationsAsync(handoff: handoff.Id, cancel: stop)));
        if (screen.Json)
        {
            Screen.WriteJson(new { Handoffs = shown.Select(s => new { s.Handoff, s.Verifications }) });
            return ExitCode.Done;
        }
        if (shown.Count == 0)
            screen.Line($"{subject} has no handoffs yet; `baton handoff submit` makes one.");
        foreach (var (handoff, verifications) in shown)
            Write(screen, handoff, verifications);
        return ExitCode.Done;
    }

    private static void Write(Screen screen, HandoffRecord handoff, IReadOnlyList<VerificationRecord> verifications)
    {
        screen.Out.MarkupLineInterpolated($"[bold]{handoff.Model}[/] {Words.List([.. handoff.Versions])}  [grey]{handoff.Id}[/]");
        screen.Line($"  by {handoff.SubmittedBy}, {Words.At(handoff.SubmittedAt)}, under contract {Digests.Short(handoff.ContractDigest)}");
        if (handoff.Note is { } note)
            screen.Line($"  {note}");
        foreach (var verification in verifications.OrderBy(v => v.Version.Length).ThenBy(v => v.Version, StringComparer.Ordinal))
        {
            var verdict = verification.Verdict is { } known ? $"{VerdictReport.Mark(known)} {Words.Of(known)}" : $"  {Words.Of(verification.State)}";
            var aside = Markup.Escape(verification.Reason ?? verification.Progress ?? "");
            screen.Out.MarkupLine($"  {verdict}  version {Markup.Escape(verification.Version)}  [grey]{aside}[/]");
        }
    }
}
