using Baton.Client;
using Baton.Terminal;

namespace Baton.Quickstart;

/// <summary>
/// The second half of the lap: the version in production answers the flights that followed, labels arrive when the flights have, and the weeks are
/// watched. Time is accelerated: four months pass in seconds, each flight with its own time.
/// </summary>
internal sealed class LiveTraffic(BatonClient client, FlightsSample sample, Narrator narrator, TimeProvider time)
{
    public const string Endpoint = "flight-delay";
    private const int BatchSize = 500;
    private const int LabelsAtOnce = 5_000;
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LoggedWithin = TimeSpan.FromSeconds(60);

    /// <summary>Deploys, sends, labels, and reads the weekly figures.</summary>
    public async Task<TrafficSummary> RunAsync(Uri server, CancellationToken cancel)
    {
        var node = await DeployAsync(cancel);
        var flights = await LiveFlight.ReadAsync(sample.LiveFile, cancel);
        await SendAsync(node, flights, cancel);
        var weeks = await WatchAsync(flights.Count, cancel);
        return new TrafficSummary(
            new EndpointSummary(Endpoint, new Uri(node, $"v2/models/{Endpoint}"), new Uri(server, $"endpoints/{Endpoint}")),
            weeks.Sum(w => w.Predictions),
            weeks.Sum(w => w.Labelled),
            weeks);
    }

    private async Task<Uri> DeployAsync(CancellationToken cancel) =>
        await narrator.StepAsync($"Deploying the version in production to the endpoint {Endpoint}", async progress =>
        {
            var deployment = await client.DeployStageAsync(Endpoint, FlightsSample.Model, "production", reason: "quickstart", cancel: cancel);
            var endpoint = await client.WaitForDeploymentAsync(deployment, ReadyWithin, seen => progress(Words.Of(seen.State)), cancel);
            var node = endpoint.Nodes?.FirstOrDefault(n => n.State == ServedState.Ready)
                ?? throw new InvalidOperationException($"the endpoint {Endpoint} is {Words.Of(endpoint.State)}: {endpoint.Nodes?.FirstOrDefault()?.Reason ?? "no serving node has reported it"}");
            return (new Uri(node.Address.TrimEnd('/') + "/"), $"version {deployment.Version} answers at {node.Address}");
        });

    private async Task SendAsync(Uri node, IReadOnlyList<LiveFlight> flights, CancellationToken cancel) =>
        await narrator.StepAsync($"Sending {Words.Number(flights.Count)} flights, {flights[0].At:d MMMM} to {flights[^1].At:d MMMM yyyy}", async progress =>
        {
            using var inference = new InferenceClient(node, Endpoint);
            var unknown = new PriorityQueue<LiveFlight, DateTime>();
            var began = time.GetTimestamp();
            foreach (var batch in flights.Chunk(BatchSize))
            {
                if (await inference.PredictAsync(batch, cancel) is var answered && answered != batch.Length)
                    throw new InvalidOperationException($"{batch.Length} flights were sent, {answered} predictions came back");
                unknown.EnqueueRange(batch.Select(f => (f, f.KnownAt)));
                await LabelAsync(unknown, batch[^1].At, LabelsAtOnce, cancel);
                progress($"{batch[^1].At:d MMMM}");
            }
            await LabelAsync(unknown, DateTime.MaxValue, 1, cancel);
            var rate = flights.Count / time.GetElapsedTime(began).TotalSeconds;
            return (flights.Count, $"in batches of {BatchSize}, labels as they became known; {Words.Number((long)rate)} flights a second");
        });

    /// <summary>Posts the labels that are known by now, once there are enough of them for a request.</summary>
    private async Task LabelAsync(PriorityQueue<LiveFlight, DateTime> unknown, DateTime now, int atLeast, CancellationToken cancel)
    {
        if (unknown.Count < atLeast)
            return;
        var labels = new List<LabelRecord>();
        while (unknown.TryPeek(out var flight, out var knownAt) && knownAt <= now)
        {
            unknown.Dequeue();
            labels.Add(new LabelRecord(flight.Id, flight.Late, flight.KnownAt));
        }
        foreach (var some in labels.Chunk(LabelsAtOnce))
            await client.RecordLabelsAsync(Endpoint, some, cancel);
    }

    private async Task<IReadOnlyList<WeekSummary>> WatchAsync(int sent, CancellationToken cancel) =>
        await narrator.StepAsync("Reading how it did, week by week", async progress =>
        {
            var began = time.GetTimestamp();
            while (true)
            {
                var performance = await client.GetPerformanceAsync(Endpoint, cancel: cancel);
                var logged = performance.Weeks.Sum(w => w.Predictions);
                if (logged >= sent || time.GetElapsedTime(began) > LoggedWithin)
                {
                    var weeks = performance.Weeks.Select(WeekSummary.Of).ToList();
                    return (weeks, $"{weeks.Count} weeks, {Words.Number(logged)} predictions in the log, {Words.Number(weeks.Sum(w => w.Labelled))} with their label");
                }
                progress($"{Words.Number(logged)} predictions in the log");
                await Task.Delay(TimeSpan.FromMilliseconds(300), time, cancel);
            }
        });
}
