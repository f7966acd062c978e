using System.Collections.Concurrent;
using System.Net.Http.Json;
using Baton.Client;
using Baton.Testing;
using Xunit;

namespace Baton.EndToEndTests.Journeys;

/// <summary>Kills control plane and serving node under inference traffic.</summary>
public sealed class ServingNodeTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task No_request_fails_while_the_control_plane_is_killed_and_comes_back()
    {
        await using var baton = await RunningBaton.StartAsync();
        await DeployAsync(baton);
        var answered = new ConcurrentQueue<(string Id, DateTimeOffset At)>();
        using var stop = new CancellationTokenSource();
        var traffic = TrafficAsync(baton, "a", answered, mayFail: false, stop.Token);

        for (var kill = 0; kill < 3; kill++)
        {
            var (before, server) = (answered.Count, baton.Children()["server"]);
            ProcessTree.Signal(server, "KILL");
            await Wait.UntilAsync(() => baton.Client.IsHealthyAsync(), Soon);
            await Wait.UntilAsync(() => answered.Count > before + 50, Soon);
            Assert.NotEqual(server, baton.Children()["server"]);
        }

        await stop.CancelAsync();
        await traffic;
        await ArriveAsync(baton, [.. answered.Select(a => a.Id)]);
    }

    [Fact]
    public async Task A_killed_node_is_back_soon_serves_from_its_disk_and_loses_no_row_older_than_a_second()
    {
        await using var baton = await RunningBaton.StartAsync();
        await DeployAsync(baton);
        var answered = new ConcurrentQueue<(string Id, DateTimeOffset At)>();
        var due = new List<string>();
        for (var kill = 0; kill < 3; kill++)
        {
            using var stop = new CancellationTokenSource();
            var traffic = TrafficAsync(baton, $"k{kill}", answered, mayFail: true, stop.Token);
            var before = answered.Count;
            // At least fifty of this round must be older than the second that a kill may cost, or the round would show nothing.
            await Wait.UntilAsync(() => answered.Skip(before).Count(a => a.At < DateTimeOffset.UtcNow - TimeSpan.FromSeconds(1)) > 50, Soon);
            var node = baton.Children()["serve"];
            var killedAt = DateTimeOffset.UtcNow;
            ProcessTree.Signal(node, "KILL");
            await stop.CancelAsync();
            await traffic;
            due.AddRange(answered.Where(a => a.At < killedAt - TimeSpan.FromSeconds(1)).Select(a => a.Id));
            await Wait.UntilAsync(() => ReadyAsync(baton), TimeSpan.FromSeconds(10));
            Assert.NotEqual(node, baton.Children()["serve"]);
        }

        await ArriveAsync(baton, [.. due.Distinct()]);
    }

    [Fact]
    public async Task A_node_that_starts_while_the_control_plane_is_down_serves_from_its_disk()
    {
        using var folder = new TempDirectory();
        Uri serving;
        await using (var baton = await RunningBaton.StartAsync(folder.File("data")))
        {
            await DeployAsync(baton);
            serving = baton.Serving;
        }

        using var alone = BatonProcess(folder);
        try
        {
            using var http = new HttpClient { BaseAddress = serving };
            await Wait.UntilAsync(() => IsReadyAsync(http), Soon);
            using var answer = await InferAsync(http, "alone");
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }
        finally
        {
            alone.Kill(entireProcessTree: true);
            await alone.WaitForExitAsync();
        }

        System.Diagnostics.Process BatonProcess(TempDirectory data) => System.Diagnostics.Process.Start(
            BatonBinary.Path, ["serve", "--server", "http://127.0.0.1:9", "--port", $"{serving.Port}", "--work", data.File("data", "serving")]);
    }

    private static async Task DeployAsync(RunningBaton baton)
    {
        var experiment = await baton.Client.GetOrCreateExperimentAsync("serving");
        var run = await baton.Client.CreateRunAsync(experiment.ExperimentId, "r", []);
        await using (var model = File.OpenRead(Path.Combine(Repository.Root, "tests", "Baton.UnitTests", "models", "diabetes.onnx")))
            await baton.Client.PutArtifactAsync(run.Info.ArtifactUri, "model/model.onnx", model);
        await baton.Client.EnsureRegisteredModelAsync("diabetes");
        var version = await baton.Client.CreateModelVersionAsync("diabetes", $"runs:/{run.Info.RunId}/model", run.Info.RunId);
        await baton.Client.DeployAsync("diabetes", "diabetes", version.Version);
        await Wait.UntilAsync(() => ReadyAsync(baton), Soon);
        // What was taken up is on the node's disk once the endpoint is told as ready.
        await Wait.UntilAsync(() => File.Exists(Path.Combine(baton.Data, "serving", "serving.json")), Soon);
    }

    private static async Task<bool> ReadyAsync(RunningBaton baton)
    {
        using var http = new HttpClient { BaseAddress = baton.Serving };
        return await IsReadyAsync(http);
    }

    private static async Task<bool> IsReadyAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync("v2/models/diabetes/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task TrafficAsync(
        RunningBaton baton, string prefix, ConcurrentQueue<(string, DateTimeOffset)> answered, bool mayFail, CancellationToken stop)
    {
        using var http = new HttpClient { BaseAddress = baton.Serving };
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            try
            {
                using var answer = await InferAsync(http, $"{prefix}-{i}");
                Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync(CancellationToken.None)}");
                answered.Enqueue(($"{prefix}-{i}", DateTimeOffset.UtcNow));
            }
            catch (HttpRequestException) when (mayFail)
            {
                return;
            }

            await Task.Delay(2, CancellationToken.None);
        }
    }

    private static Task<HttpResponseMessage> InferAsync(HttpClient http, string id) => http.PostAsJsonAsync("v2/models/diabetes/infer", new
    {
        inputs = new object[]
        {
            new { name = "features", datatype = "FP32", shape = new[] { 1, 10 }, data = new double[10] },
            new { name = "baton.id", datatype = "BYTES", shape = new[] { 1 }, data = new[] { id } },
        },
    });

    private static Task ArriveAsync(RunningBaton baton, IReadOnlyCollection<string> ids) => Wait.UntilAsync(async () =>
    {
        var there = (await baton.Client.ListPredictionsAsync("diabetes", new PredictionRange { Limit = 100_000 })).Select(p => p.PredictionId).ToHashSet();
        return ids.Count > 0 && ids.All(there.Contains);
    }, Soon, $"all of {ids.Count} rows arrived");
}
