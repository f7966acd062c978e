using System.CommandLine;
using Baton.Inference.Execution;
using Baton.Terminal;
using Baton.Verification.Endpoints;
using Baton.Verification.Load;

namespace Baton.Verbs;

/// <summary><c>baton bench</c>: the load engine of verification by hand, on a model here or on any endpoint.</summary>
internal sealed class BenchVerb : Command
{
    private static readonly IReadOnlyDictionary<string, LoadScenario> Scenarios = new Dictionary<string, LoadScenario>(StringComparer.Ordinal)
    {
        ["server"] = LoadScenario.Server,
        ["single_stream"] = LoadScenario.SingleStream,
        ["multi_stream"] = LoadScenario.MultiStream,
        ["offline"] = LoadScenario.Offline,
    };

    private readonly Argument<string> _target = new("MODEL | URL") { Description = "An ONNX file, a package folder, or the address of a model's endpoint" };

    private readonly Option<string> _scenario = new("--scenario")
    {
        Description = $"How requests come: {string.Join(", ", Scenarios.Keys)}",
        HelpName = "NAME",
        DefaultValueFactory = _ => "server",
    };

    private readonly Option<double> _load = new("--load") { Description = "Mean arrival rate of the scenario server, requests a second", HelpName = "RATE", DefaultValueFactory = _ => 20 };
    private readonly Option<int> _rows = new("--rows") { Description = "Rows in one request", HelpName = "N", DefaultValueFactory = _ => 1 };
    private readonly Option<int?> _requests = new("--requests") { Description = "How many requests [default: as many as p99 needs, a minute at most]", HelpName = "N" };
    private readonly Option<double?> _duration = new("--duration") { Description = "How long instead", HelpName = "SECONDS" };

    private readonly Option<string?> _protocol = new("--protocol")
    {
        Description = $"What the endpoint speaks: {string.Join(", ", EndpointProtocols.Named.Keys)} [default: by its address]",
        HelpName = "NAME",
    };

    private readonly Option<string?> _input = new("--input")
    {
        Description = "Rows to send, Parquet or a JSON list; for an endpoint also a whole body, a JSON object [default: made up from the model's description]",
        HelpName = "FILE",
    };

    private readonly Option<string?> _html = new("--html") { Description = "Write the report as one self-contained page too", HelpName = "FILE" };
    private readonly Option<bool> _json = Flags.Json();

    public BenchVerb()
        : base("bench", "Measure latency and throughput of a model here, or of any endpoint: percentiles with intervals, histogram, noise.")
    {
        Add(_target);
        foreach (var option in new Option[] { _scenario, _load, _rows, _requests, _duration, _protocol, _input, _html, _json })
            Add(option);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var screen = new Screen(parse.GetValue(_json));
        if (parse.GetValue(_requests) is not null && parse.GetValue(_duration) is not null)
            throw new UsageException("--requests and --duration say the same in two ways; give one of them.");
        var request = new BenchRequest
        {
            Target = parse.GetRequiredValue(_target),
            Scenario = Named(parse.GetRequiredValue(_scenario), Scenarios, "--scenario"),
            RequestsPerSecond = parse.GetValue(_load),
            Rows = parse.GetValue(_rows),
            Requests = parse.GetValue(_requests),
            Duration = parse.GetValue(_duration) is { } seconds ? Seconds(seconds) : null,
            Protocol = parse.GetValue(_protocol) is { } protocol ? Named(protocol, EndpointProtocols.Named, "--protocol") : null,
            InputFile = parse.GetValue(_input),
            ModelProcess = HiddenVerbs.ModelProcessOptions,
        };
        var report = await screen.WithProgressAsync($"Measuring {request.Target}", progress => Bench.RunAsync(request, progress, stop));
        if (parse.GetValue(_html) is { } page)
        {
            await File.WriteAllTextAsync(page, BenchPage.Write(report), stop);
            screen.Note($"Wrote {page}");
        }

        if (screen.Json)
            Screen.WriteJson(report);
        else
            new BenchTable(screen).Write(report);
        return ExitCode.Done;
    }

    private static TimeSpan Seconds(double seconds) => seconds is > 0 and <= 86_400
        ? TimeSpan.FromSeconds(seconds)
        : throw new UsageException("--duration takes seconds above 0, a day at most.");

    private static T Named<T>(string name, IReadOnlyDictionary<string, T> known, string option) => known.TryGetValue(name, out var found)
        ? found
        : throw new UsageException($"{option} {name} is not known; there are {Words.List([.. known.Keys])}.");
}
