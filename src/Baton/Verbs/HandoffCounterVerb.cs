using System.CommandLine;
using Baton.Client;
using Baton.Terminal;

namespace Baton.Verbs;

/// <summary><c>baton handoff counter</c>: offers another text of one clause.</summary>
internal sealed class HandoffCounterVerb : Command
{
    private readonly Argument<string> _model = new("models:/NAME") { Description = "The registered model" };
    private readonly Argument<string> _clause = new("CLAUSE") { Description = "The clause, e.g. metrics.roc_auc" };
    private readonly Option<string> _change = new("--change") { Description = "All fields of the clause, e.g. '{min: 0.58}'", HelpName = "YAML", Required = true };
    private readonly Option<string> _reason = new("--reason") { Description = "Why, for the other side and the ledger", HelpName = "TEXT", Required = true };
    private readonly Option<string?> _answers = new("--answers") { Description = "The offer that this one answers", HelpName = "ID" };
    private readonly Option<string?> _digest = new("--digest") { Description = "On which contract [default: the newest proposal, else the one in force]", HelpName = "sha256:…" };
    private readonly Option<string?> _server = Flags.Server();
    private readonly Option<bool> _json = Flags.Json();

    public HandoffCounterVerb()
        : base("counter", "Offer the other side another text of one clause, with what was measured of it.")
    {
        Add(_model);
        Add(_clause);
        foreach (var option in new Option[] { _change, _reason, _answers, _digest, _server, _json })
            Add(option);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var screen = new Screen(parse.GetValue(_json));
        using var client = Flags.Connect(parse, _server);
        var offer = await client.OfferClauseAsync(
            ModelName.Parse(parse.GetRequiredValue(_model)), parse.GetRequiredValue(_clause), parse.GetRequiredValue(_change), parse.GetRequiredValue(_reason),
            parse.GetValue(_digest), parse.GetValue(_answers), stop);
        if (screen.Json)
        {
            Screen.WriteJson(offer);
            return ExitCode.Done;
        }
        screen.Line($"{offer.Model} {offer.Clause}: offer {offer.Id} is {offer.Status}");
        foreach (var measured in offer.TradeOff)
            screen.Line($"  {Sentence(measured)}");
        return ExitCode.Done;
    }

    /// <summary>What was measured, and what the same would say under the offer.</summary>
    internal static string Sentence(TradeOff measured) =>
        $"version {measured.Version} measured {measured.Value?.ToString() ?? "nothing"}{(measured.Unit.Length == 0 ? "" : " " + measured.Unit)}"
        + (measured.Interval is { } i ? $" ({Words.Number(i.Low)} to {Words.Number(i.High)})" : "")
        + $": {Words.Of(measured.Verdict)}, under the offer {(measured.WouldBe is { } wouldBe ? Words.Of(wouldBe) : "to be measured")}";
}
