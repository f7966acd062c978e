using System.CommandLine;
using Baton.Client;
using Baton.Terminal;
using Spectre.Console;

namespace Baton.Verbs;

/// <summary><c>baton deploy</c>: binds an endpoint to a version, or takes it back to the version before.</summary>
internal sealed class DeployVerb : Command
{
    private static readonly TimeSpan WaitAtMost = TimeSpan.FromSeconds(60);

    private readonly Argument<string?> _target = new("models:/NAME/VERSION | models:/NAME@STAGE")
    {
        Description = "A model version, or the one that is in staging or production now; none with --rollback",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> _endpoint = new("--endpoint") { Description = "Endpoint that is to serve it; made where there is none", HelpName = "ENDPOINT", Required = true };
    private readonly Option<bool> _rollback = new("--rollback") { Description = "Go back to the version that the endpoint served before" };
    private readonly Option<string?> _expect = new("--expect") { Description = "Version that the endpoint must serve now; otherwise nothing changes", HelpName = "VERSION" };
    private readonly Option<string?> _reason = new("--reason") { Description = "Why, for the ledger", HelpName = "TEXT" };
    private readonly Option<bool> _wait = new("--wait") { Description = "Wait until the serving nodes answer with it, at most 60 s" };
    private readonly Option<string?> _server = Flags.Server();
    private readonly Option<bool> _json = Flags.Json();

    public DeployVerb()
        : base("deploy", "Let an endpoint serve a version, or go back to the one before.")
    {
        Add(_target);
        foreach (var option in new Option[] { _endpoint, _rollback, _expect, _reason, _wait, _server, _json })
            Add(option);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var screen = new Screen(parse.GetValue(_json));
        var target = Target(parse);
        using var client = Flags.Connect(parse, _server);
        var (endpoint, expect, reason) = (parse.GetRequiredValue(_endpoint), parse.GetValue(_expect), parse.GetValue(_reason));
        var deployment = target switch
        {
            null => await client.RollBackAsync(endpoint, expect, reason, stop),
            { Version: { } version } => await client.DeployAsync(endpoint, target.Model, version, expect, reason, stop),
            _ => await client.DeployStageAsync(endpoint, target.Model, target.Stage!, expect, reason, stop),
        };
        var standing = !parse.GetValue(_wait) ? null : await screen.WithProgressAsync(
            $"Waiting for {endpoint}", progress => client.WaitForDeploymentAsync(deployment, WaitAtMost, now => progress(Words.Of(now.State)), stop));
        if (screen.Json)
            Screen.WriteJson(standing is null ? deployment : new { Deployment = deployment, standing.State, standing.Nodes } as object);
        else
            Tell(screen, deployment);
        return standing is null ? ExitCode.Done : Judge(screen, deployment, standing);
    }

    private DeployTarget? Target(ParseResult parse) => (parse.GetValue(_target), parse.GetValue(_rollback)) switch
    {
        (null, true) => null,
        ({ } text, false) => DeployTarget.Parse(text),
        (null, false) => throw new UsageException("there is nothing to deploy: name models:/NAME/VERSION or models:/NAME@production, or give --rollback to go back to the version before."),
        _ => throw new UsageException("--rollback goes back to what the endpoint served before; to choose the version yourself, leave --rollback out."),
    };

    private static void Tell(Screen screen, DeploymentRecord deployment)
    {
        var back = deployment.Kind == DeploymentKind.Rollback ? "is back at" : "serves";
        var instead = deployment.Previous is { } previous ? $", in place of version {previous}" : "";
        var proof = deployment.Verified ? "verified" : "not verified: it runs in a process of its own";
        screen.Out.MarkupLineInterpolated($"[green]{deployment.Endpoint} {back} {VersionName.Prefix}{deployment.Model}/{deployment.Version}[/]{instead} ({proof})");
    }

    private static int Judge(Screen screen, DeploymentRecord deployment, EndpointRecord standing)
    {
        if (standing.Current?.Id != deployment.Id)
        {
            Screen.Complain($"{deployment.Endpoint} was changed meanwhile: it {(standing.Current is { } current ? $"serves version {current.Version}" : "is out of service")} now.");
            return ExitCode.WrongUse;
        }
        if (standing.State == EndpointState.Ready)
        {
            foreach (var node in (standing.Nodes ?? []).Where(_ => !screen.Json))
                screen.Line($"  {node.Address}/v2/models/{deployment.Endpoint}");
            return ExitCode.Done;
        }
        foreach (var node in (standing.Nodes ?? []).Where(n => n.State == ServedState.Failed))
            Screen.Complain($"the serving node {node.Node} cannot serve {deployment.Model}/{deployment.Version}: {node.Reason ?? "it gave no reason"}");
        if (standing.State == EndpointState.Failed)
            return ExitCode.Failed;
        Screen.Complain(standing.State == EndpointState.NoNode
            ? $"{deployment.Endpoint} is deployed, but no serving node was heard of within {WaitAtMost.TotalSeconds:0} s; `baton up` runs one, `baton serve --server URL` another."
            : $"{deployment.Endpoint} is deployed, but its nodes do not serve it yet after {WaitAtMost.TotalSeconds:0} s.");
        return ExitCode.Unreachable;
    }
}
