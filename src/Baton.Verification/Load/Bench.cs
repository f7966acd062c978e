using System.Globalization;
using Baton.Inference;
using Baton.Inference.Execution;
using Baton.Statistics;
using Baton.Verification.Clauses;
using Baton.Verification.Drafting;
using Baton.Verification.Endpoints;
using Baton.Verification.Hardware;

namespace Baton.Verification.Load;

/// <summary>The load engine of verification by hand: on a model in a process of its own, or on any endpoint.</summary>
public static class Bench
{
    private const int ServerStreams = 64;
    private const int OfflineStreams = 8;
    private const int MostRequests = 1_000_000;
    private const int DistinctBodies = 256;
    private const long MostBodyBytes = 64 << 20;
    private const double Comfortable = 10;

    /// <summary>Runs a bench.</summary>
    /// <param name="request">What to put under which load.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellation">Stops it, and ends its process.</param>
    /// <exception cref="BenchException">It cannot be run as asked.</exception>
    /// <exception cref="DraftException">The folder is no package.</exception>
    public static Task<BenchReport> RunAsync(BenchRequest request, Action<string> progress, CancellationToken cancellation)
    {
        if (!(request.RequestsPerSecond > 0) || request.Rows < 1 || request.Requests is < 1 or > MostRequests || request.Duration <= TimeSpan.Zero)
            throw new BenchException($"A bench sends 1 to {Phrases.Number(MostRequests)} requests of at least one row, at a rate and for a time above 0.");
        return Address(request.Target) is { } address ? OnEndpointAsync(request, address, progress, cancellation) : OnModelAsync(request, progress, cancellation);
    }

    /// <summary>The load: as many requests as were asked for, else as p99 needs.</summary>
    internal static BenchPlan Plan(BenchRequest request)
    {
        var needed = LatencyQuantile.RequestsNeeded(99, PercentileFinding.ClaimConfidence, misses: 0);
        var server = request.Scenario == LoadScenario.Server;
        var requests = (request.Requests, request.Duration) switch
        {
            ({ } asked, _) => asked,
            (null, { } duration) => server ? Math.Clamp((int)Math.Min(request.RequestsPerSecond * duration.TotalSeconds, MostRequests), 1, MostRequests) : MostRequests,
            _ => server ? LoadPlan.Requests(needed, request.RequestsPerSecond, Comfortable) : 3 * needed,
        };
        return new BenchPlan(request.RequestsPerSecond, request.Rows, requests, request.Seed)
        {
            Scenario = request.Scenario,
            LongestSeconds = request.Duration is { } longest && !server ? longest.TotalSeconds : null,
        };
    }

    private static Uri? Address(string target) =>
        Uri.TryCreate(target, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address : null;

    private static async Task<BenchReport> OnModelAsync(BenchRequest request, Action<string> progress, CancellationToken cancellation)
    {
        if (request.Protocol is not null)
            throw new BenchException("--protocol goes with an address; a model file is run in a process, without one.");
        var path = ModelFile(request.Target);
        var machine = MachineFingerprint.Read("none ran");
        IReadOnlyList<Tensor> rows;
        try
        {
            var inputs = OnnxFile.Describe(path).Inputs;
            rows = request.InputFile is { } file ? await BenchRows.ReadAsync(file, inputs, cancellation) : BenchRows.MadeUp(inputs, request.Seed);
        }
        catch (InvalidModelException e)
        {
            throw new BenchException(e.Message, e);
        }

        progress("starting a process and loading the model");
        await using var test = await LoadTest.StartAsync(path, rows, request.ModelProcess, request.Time, cancellation);
        var load = await test.PutAsync(Plan(request), _ => null, machine.LoadPerCore, (plan, sent) => progress(Sent(plan, sent)), cancellation)
            ?? throw new BenchException($"{test.Fault} {(request.InputFile is null ? "The rows were made up from the model's description; --input FILE sends real ones." : "")}".TrimEnd());
        var memory = await test.ReadMemoryAsync(cancellation);
        var ran = machine.With(await test.ReadRuntimeAsync(cancellation)) with { Runtime = test.Runtime };
        return BenchReport.Of(request, load, $"{test.Runtime}, in a process of its own", Inputs(request), ran) with
        {
            ColdStartMilliseconds = test.ColdStart?.TotalMilliseconds,
            PeakMemoryBytes = memory is null ? null : Math.Max(0, memory.PeakBytes - test.Empty.PeakBytes),
        };
    }

    private static async Task<BenchReport> OnEndpointAsync(BenchRequest request, Uri address, Action<string> progress, CancellationToken cancellation)
    {
        var protocol = request.Protocol ?? EndpointProtocols.Guess(address) ?? throw new BenchException(
            $"{address} does not show what it speaks; name it with --protocol: {string.Join(", ", EndpointProtocols.Named.Keys)}.");
        var plan = Plan(request);
        var streams = plan.Scenario == LoadScenario.Server ? ServerStreams : OfflineStreams;
        var machine = MachineFingerprint.Read("none ran");
        using var target = new EndpointTarget(protocol, address, streams);
        var bodies = await BodiesAsync(request, protocol, target, plan, cancellation);
        var watch = new NoiseWatch(0, SystemFile.Read, request.Time);
        var used = Environment.CpuUsage.TotalTime;
        BenchResult result;
        try
        {
            var sent = 0;
            var run = Task.Run(() => LoadGenerator.Run(plan, streams, i => target.Send(bodies[i % bodies.Length]), request.Time, n => Volatile.Write(ref sent, n), cancellation), CancellationToken.None);
            while (await Task.WhenAny(run, Task.Delay(TimeSpan.FromMilliseconds(500), request.Time, CancellationToken.None)) != run)
                progress(Sent(plan, Volatile.Read(ref sent)));
            result = await run;
        }
        catch (ModelRunException e)
        {
            throw new BenchException($"No request was answered. {e.Message.TrimEnd('.')}.", e) { Unreachable = e.Message.Contains("does not answer", StringComparison.Ordinal) };
        }

        // A server on this machine cannot be told from its neighbours; on another one all that this machine does beside sending disturbs.
        var noise = watch.Read(address.IsLoopback ? null : (Environment.CpuUsage.TotalTime - used).TotalSeconds);
        var named = EndpointProtocols.Named.First(p => p.Value == protocol).Key;
        return BenchReport.Of(request, LoadFindings.Of(plan, result, noise), $"{EndpointProtocols.Requests(protocol, address)} ({named})", Inputs(request), machine);
    }

    private static async Task<byte[][]> BodiesAsync(BenchRequest request, EndpointProtocol protocol, EndpointTarget target, BenchPlan plan, CancellationToken cancellation)
    {
        if (request.InputFile is { } file && await WholeBodyAsync(file, cancellation) is { } body)
            return [body];
        var inputs = protocol == EndpointProtocol.OpenInference ? await target.ReadInputsAsync(cancellation) : null;
        if (inputs is null && request.InputFile is null)
            throw new BenchException("Only the Open Inference Protocol tells what a model takes; name the rows, or a whole body as a JSON object, with --input FILE.");
        var rows = request.InputFile is null ? BenchRows.MadeUp(inputs!, request.Seed) : await BenchRows.ReadAsync(request.InputFile, inputs, cancellation);
        var bodies = new List<byte[]>();
        for (var (i, bytes) = (0, 0L); i < Math.Min(plan.Requests, DistinctBodies) && bytes < MostBodyBytes; i++)
        {
            bodies.Add(RequestBody.Of(protocol, BenchRows.Cut(rows, (int)((long)i * plan.RowsSent % MostRequests), plan.RowsSent)));
            bytes += bodies[^1].Length;
        }

        return [.. bodies];
    }

    /// <summary>A JSON object is a body as it stands; a list is rows.</summary>
    private static async Task<byte[]?> WholeBodyAsync(string file, CancellationToken cancellation)
    {
        if (!File.Exists(file))
            throw new BenchException($"There is no file '{file}' to take rows from.");
        if (!file.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            return null;
        var body = await File.ReadAllBytesAsync(file, cancellation);
        return body.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'{', ..] ? body : null;
    }

    private static string ModelFile(string target)
    {
        if (Directory.Exists(target))
        {
            var folder = PackageFolder.Open(target, null);
            return folder.PathOf(folder.ModelFile);
        }

        return File.Exists(target) ? target : throw new BenchException($"'{target}' is neither a model file, nor a package folder, nor an address that begins with http:// or https://.");
    }

    private static string Inputs(BenchRequest request) => request.InputFile is { } file ? $"rows of {Path.GetFileName(file)}" : "rows made up from the model's description";

    private static string Sent(BenchPlan plan, int sent) => plan.LongestSeconds is { } seconds
        ? string.Create(CultureInfo.InvariantCulture, $"sent {sent:N0} requests, for {seconds:0.#} s")
        : $"sent {Phrases.Number(sent)} of {Phrases.Number(plan.Requests)} requests";
}
