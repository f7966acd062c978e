using System.Globalization;
using System.Text;
using Baton.Inference;
using Baton.Verification.Hardware;

namespace Baton.Bench;

/// <summary>One row a request, over HTTP against a serving node and in this process against the same model: what the way to the model costs.</summary>
internal static class ServingBench
{
    private const string Endpoint = "model";

    /// <summary>Measures, and tells in Markdown.</summary>
    public static async Task<string> RunAsync(BenchOptions options, CancellationToken cancellation)
    {
        var sample = Path.Combine(options.Repository, "samples", "flights", "champion");
        var model = Path.Combine(sample, "model.onnx");
        var time = TimeSpan.FromSeconds(options.Seconds);
        using var session = ModelSession.Load(model);
        var flights = await Flights.ReadAsync(Path.Combine(sample, "test-predictions.parquet"), session.Inputs, cancellation);
        var machine = MachineFingerprint.Read(ModelSession.RuntimeName);
        var limit = InProcess.Run(session, flights.Tensors, time, cancellation);
        var rows = new List<(string What, Measured Found)> { ("in process, 1 thread", limit) };

        await using var node = await ServingNode.StartAsync(options.Baton, model, cancellation);
        var requests = flights.Requests(new Uri($"http://{node.Address}/v2/models/{Endpoint}/infer"));
        // Once without measuring: code is compiled, and compiled better, while it runs.
        Load.Run(node.Address, requests, options.Connections.Max(), time, () => node.Cpu, cancellation);
        foreach (var connections in options.Connections)
            rows.Add(($"HTTP, {connections} connection{(connections == 1 ? "" : "s")}", Load.Run(node.Address, requests, connections, time, () => node.Cpu, cancellation)));

        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-dd}, {machine.Cpu}, {machine.Cores} cores, {machine.MemoryBytes / 1073741824d:0.#} GiB, ")
            .Append(CultureInfo.InvariantCulture, $"{machine.OperatingSystem}, {machine.Runtime}; load a core before the run {machine.LoadPerCore:0.00}; ")
            .AppendLine(CultureInfo.InvariantCulture, $"{options.Seconds} s a line. The serving node held {node.Memory / 1048576d:0} MiB at the end.")
            .AppendLine()
            .AppendLine("| | requests/s | p50 µs | p99 µs | CPU µs a request | CPU beside in process |")
            .AppendLine("|---|---:|---:|---:|---:|---:|");
        foreach (var (what, found) in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {what} | {found.PerSecond:N0} | {found.P50:N0} | {found.P99:N0} | {found.CpuMicros:N1} ")
                .AppendLine(CultureInfo.InvariantCulture, $"| {found.CpuMicros - limit.CpuMicros:+0.0;−0.0;0.0} µs |");
        }

        return text.ToString();
    }
}
