using System.CommandLine;
using Baton.Client;
using Baton.Contracts;
using Baton.Terminal;
using Spectre.Console;

namespace Baton.Verbs;

/// <summary><c>baton handoff show</c>: handoffs with the verdict of each candidate; of a model also what is negotiated.</summary>
internal sealed class HandoffShowVerb : Command
{
    private readonly Argument<string> _subject = new("ID | models:/NAME") { Description = "A handoff, or a model for all of its" };
    private readonly Option<string?> _server = Flags.Server();
    private readonly Option<bool> _json = Flags.Json();

    public HandoffShowVerb()
        : base("show", "Show a handoff with the verdict of each candidate, or all of a model with its contracts, counter-offers, waivers and comments.")
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
        var talk = subject.StartsWith(VersionName.Prefix, StringComparison.Ordinal) ? await NegotiationAsync(client, ModelName.Parse(subject), stop) : null;
        if (screen.Json)
        {
            Screen.WriteJson(new { Handoffs = shown.Select(s => new { s.Handoff, s.Verifications }), talk?.Contracts, talk?.CounterOffers, talk?.Waivers, talk?.Comments });
            return ExitCode.Done;
        }
        if (talk is not null)
            Write(screen, talk);
        if (shown.Count == 0)
            screen.Line($"{subject} has no handoffs yet; `baton handoff submit` makes one.");
        foreach (var (handoff, verifications) in shown)
            Write(screen, handoff, verifications);
        return ExitCode.Done;
    }

    private static async Task<Negotiation> NegotiationAsync(BatonClient client, string model, CancellationToken cancel) => new(
        await client.ListContractsAsync(model, cancel), await client.ListOffersAsync(model, cancel: cancel), await client.ListWaiversAsync(model, cancel: cancel),
        await client.ListCommentsAsync($"models/{model}", cancel));

    /// <summary>What is open: contracts that count, offers and comments without an end, waivers that hold.</summary>
    private static void Write(Screen screen, Negotiation talk)
    {
        foreach (var contract in talk.Contracts.Where(c => c.Status is ContractStatus.InForce or ContractStatus.Proposed))
        {
            var signed = contract.Signatures.Count == 0 ? "" : $"; signed by {Words.List([.. contract.Signatures.Select(s => $"{s.Actor} ({Words.Of(s.Side)})")])}";
            screen.Line($"contract {contract.Version} {Digests.Short(contract.Digest)} is {Words.Of(contract.Status)}{signed}");
        }
        foreach (var offer in talk.CounterOffers.Where(o => o.Status == "open"))
        {
            screen.Line($"counter-offer {offer.Id} of {offer.OfferedBy} on {offer.Clause}: {offer.Change.ReplaceLineEndings(" ")}");
            screen.Line($"  {offer.Reason}");
            foreach (var measured in offer.TradeOff)
                screen.Line($"  {HandoffCounterVerb.Sentence(measured)}");
        }
        foreach (var waiver in talk.Waivers.Where(w => w.State == "valid"))
            screen.Line($"{waiver.Clause} is waived for {(waiver.Version is null ? "every version" : $"version {waiver.Version}")} until {Words.At(waiver.ExpiresAt)} by {waiver.WaivedBy}: {waiver.Reason}");
        foreach (var comment in talk.Comments.Where(c => c.ResolvedAt is null))
            screen.Line($"{comment.Author} on {comment.On}: {comment.Text}");
    }

    private sealed record Negotiation(
        IReadOnlyList<ContractRecord> Contracts, IReadOnlyList<CounterOfferRecord> CounterOffers, IReadOnlyList<WaiverRecord> Waivers, IReadOnlyList<CommentRecord> Comments);

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
