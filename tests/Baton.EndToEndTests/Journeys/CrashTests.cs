using System.Collections.Concurrent;
using System.Text;
using Baton.Client;
using Baton.Testing;
using Xunit;

namespace Baton.EndToEndTests.Journeys;

/// <summary>Kills processes under traffic: what was acknowledged is there, the others go on, nothing is left running.</summary>
public sealed class CrashTests
{
    private const string Endpoint = "crash";

    [Fact]
    public async Task What_the_control_plane_acknowledged_survives_kill_9()
    {
        await using var baton = await RunningBaton.StartAsync();
        var experiment = await baton.Client.GetOrCreateExperimentAsync("crash");
        var run = await baton.Client.CreateRunAsync(experiment.ExperimentId, "r", []);
        await DeployAsync(baton, run);
        var acknowledged = new ConcurrentBag<(string Metric, string File)>();
        for (var cycle = 0; cycle < 4; cycle++)
        {
            using var stop = new CancellationTokenSource();
            var writers = Enumerable.Range(0, 4).Select(w => WriteAsync(baton, run, $"c{cycle}w{w}", acknowledged, stop.Token)).ToArray();
            var before = acknowledged.Count;
            await Wait.UntilAsync(() => acknowledged.Count > before + 10, TimeSpan.FromSeconds(60));
            var children = baton.Children();
            ProcessTree.Signal(children["server"], "KILL");
            await stop.CancelAsync();
            await Task.WhenAll(writers);
            await Wait.UntilAsync(() => baton.Client.IsHealthyAsync(), TimeSpan.FromSeconds(60));
            Assert.Equal(children["agent"], baton.Children()["agent"]);
            Assert.NotEqual(children["server"], baton.Children()["server"]);
        }

        Assert.NotEmpty(acknowledged);
        // A label that stands there already is unchanged: all of them do.
        var labels = acknowledged.Select(a => new LabelRecord(a.Metric, 1)).ToList();
        Assert.Equal(new LabelReceipt(0, labels.Count), await baton.Client.RecordLabelsAsync(Endpoint, labels));
        var stored = (await baton.Client.GetRunAsync(run.Info.RunId)).Data!.Metrics!.Select(m => m.Key).ToHashSet();
        using var http = new HttpClient { BaseAddress = baton.Address };
        foreach (var (metric, file) in acknowledged)
        {
            Assert.Contains(metric, stored);
            Assert.Equal(file, await http.GetStringAsync($"api/2.0/mlflow-artifacts/artifacts/{experiment.ExperimentId}/{run.Info.RunId}/artifacts/{file}"));
        }
    }

    [Fact]
    public async Task A_killed_agent_comes_back_and_the_control_plane_goes_on()
    {
        await using var baton = await RunningBaton.StartAsync();
        await Wait.UntilAsync(() => baton.Children().ContainsKey("agent"), TimeSpan.FromSeconds(30));
        var before = baton.Children();
        ProcessTree.Signal(before["agent"], "KILL");
        await Wait.UntilAsync(() => baton.Children().TryGetValue("agent", out var pid) && pid != before["agent"], TimeSpan.FromSeconds(30));
        Assert.Equal(before["server"], baton.Children()["server"]);
        Assert.True(await baton.Client.IsHealthyAsync());
    }

    [Fact]
    public async Task When_the_supervisor_is_killed_nothing_is_left_running()
    {
        await using var baton = await RunningBaton.StartAsync();
        await Wait.UntilAsync(() => baton.Children().ContainsKey("agent"), TimeSpan.FromSeconds(30));
        var all = ProcessTree.DescendantsOf(baton.Supervisor.Id);
        ProcessTree.Signal(baton.Supervisor.Id, "KILL");
        await Wait.UntilAsync(() => all.All(pid => !ProcessTree.IsAlive(pid)), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Ctrl_C_ends_all_cleanly()
    {
        await using var baton = await RunningBaton.StartAsync();
        var all = ProcessTree.DescendantsOf(baton.Supervisor.Id);
        Assert.NotEmpty(all);
        Assert.Equal(0, await baton.InterruptAsync());
        Assert.All(all, pid => Assert.False(ProcessTree.IsAlive(pid)));
        Assert.DoesNotContain("   at ", baton.Output, StringComparison.Ordinal);
    }

    /// <summary>Gives the labels an endpoint to belong to.</summary>
    private static async Task DeployAsync(RunningBaton baton, Run run)
    {
        await using var model = File.OpenRead(Path.Combine(Repository.Root, "samples", "flights", "baseline", "model.onnx"));
        await baton.Client.PutArtifactAsync(run.Info.ArtifactUri, "model/model.onnx", model);
        await baton.Client.EnsureRegisteredModelAsync(Endpoint);
        await baton.Client.CreateModelVersionAsync(Endpoint, $"runs:/{run.Info.RunId}/model", run.Info.RunId);
        await baton.Client.DeployAsync(Endpoint, Endpoint, "1");
    }

    private static async Task WriteAsync(RunningBaton baton, Run run, string name, ConcurrentBag<(string, string)> acknowledged, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var (metric, file) = ($"{name}_{i}", $"{name}-{i}.txt");
            try
            {
                await baton.Client.LogBatchAsync(run.Info.RunId, [new Metric(metric, i, 1, 0)], [], []);
                await baton.Client.PutArtifactAsync(run.Info.ArtifactUri, file, new MemoryStream(Encoding.UTF8.GetBytes(file)));
                await baton.Client.RecordLabelsAsync(Endpoint, [new LabelRecord(metric, 1)]);
                acknowledged.Add((metric, file));
            }
            catch (Exception e) when (e is ServerUnreachableException or BatonApiException or HttpRequestException or IOException)
            {
                return;
            }
        }
    }
}
