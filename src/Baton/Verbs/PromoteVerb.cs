using System.CommandLine;
using Baton.Contracts;
using Baton.Terminal;
using Spectre.Console;

namespace Baton.Verbs;

/// <summary><c>baton promote</c>: moves a version into a stage, where the gate lets it.</summary>
internal sealed class PromoteVerb : Command
{
    private readonly Argument<string> _version = Flags.VersionArgument();
    private readonly Option<string> _to = new("--to")
    {
        Description = "Stage to move it to: staging or production",
        HelpName = "STAGE",
        Required = true,
    };

    private readonly Option<string?> _expect = new("--expect")
    {
        Description = "Version that must be in the stage now; otherwise nothing moves",
        HelpName = "VERSION",
    };

    private readonly Option<string?> _reason = new("--reason") { Description = "Why, for the ledger", HelpName = "TEXT" };
    private readonly Option<string?> _server = Flags.Server();
    private readonly Option<bool> _json = Flags.Json();

    public PromoteVerb()
        : base("promote", "Move a version into a stage. The gate wants a passing verdict where the model has a contract.")
    {
        _to.AcceptOnlyFromAmong("staging", "production");
        Add(_version);
        foreach (var option in new Option[] { _to, _expect, _reason, _server, _json })
            Add(option);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var screen = new Screen(parse.GetValue(_json));
        var version = VersionName.Parse(parse.GetRequiredValue(_version));
        using var client = Flags.Connect(parse, _server);
        var promotion = await client.PromoteAsync(
            version.Model, version.Version, parse.GetRequiredValue(_to), parse.GetValue(_expect), parse.GetValue(_reason), stop);
        if (screen.Json)
        {
            Screen.WriteJson(promotion);
            return ExitCode.Done;
        }
        var instead = promotion.Previous is { } previous ? $", in place of version {previous}" : "";
        var gate = promotion.EvidenceDigest is { } evidence ? $"on evidence {Digests.Short(evidence)}" : $"gate: {promotion.Gate}";
        screen.Out.MarkupLineInterpolated($"[green]{version} is in {promotion.Stage}[/]{instead} ({gate})");
        return ExitCode.Done;
    }
}
