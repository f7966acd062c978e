using System.Diagnostics;
using Baton.Inference.Execution;
using Baton.Serving.Models;
using Baton.Testing;
using Xunit;

namespace Baton.UnitTests.Serving.Models;

/// <summary>Unverified models, in worker processes of the built executable.</summary>
public sealed class WorkerSlotTests
{
    private const string Path = "/v2/models/made/infer";
    private const string Two = """{"inputs":[{"name":"x","shape":[1,1],"datatype":"FP32","data":[2]}]}""";

    [Fact]
    public async Task An_unverified_model_answers_from_a_process_of_its_own()
    {
        await using var host = await ServingHost.StartAsync(worker: ServingHost.Worker);
        await host.Table.ApplyAsync([ServingHost.Champion() with { Verified = false }]);
        var slot = Assert.IsType<WorkerSlot>(host.Table.Find("flight-delay")!.Slot);
        Assert.NotEqual(Environment.ProcessId, slot.WorkerId);

        await using var near = await ServingHost.StartAsync();
        await near.Table.ApplyAsync([ServingHost.Champion()]);
        Assert.Equal(near.Table.Find("flight-delay")!.Slot!.Inputs.Select(i => i.ToString()), slot.Inputs.Select(i => i.ToString()));
        Assert.Equal(near.Table.Find("flight-delay")!.Slot!.Outputs.Select(o => o.ToString()), slot.Outputs.Select(o => o.ToString()));
    }

    [Fact]
    public async Task A_worker_that_dies_is_503_until_it_is_back_and_leaves_nothing_behind()
    {
        await using var host = await ServingHost.StartAsync(worker: ServingHost.Worker);
        using var folder = new TempDirectory();
        await host.Table.ApplyAsync([ServingHost.Made(ServingHost.Adding(1), folder, verified: false)]);
        var slot = Assert.IsType<WorkerSlot>(host.Table.Find("made")!.Slot);
        var first = slot.WorkerId!.Value;
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Post, Path, Two)).Status);

        using (var process = Process.GetProcessById(first))
            process.Kill();

        var refused = 0;
        await Wait.UntilAsync(
            async () =>
            {
                var (status, answer, response) = await host.SendAsync(HttpMethod.Post, Path, Two);
                if (status == 200)
                    return refused > 0;
                Assert.Equal(503, status);
                Assert.Contains("is down (", answer.GetProperty("error").GetString(), StringComparison.Ordinal);
                Assert.True(response.Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));
                refused++;
                return false;
            },
            TimeSpan.FromSeconds(30));

        var second = slot.WorkerId!.Value;
        Assert.NotEqual(first, second);
        Assert.Equal(EndpointState.Ready, Assert.Single(host.Table.Status()).State);
        await host.Table.ApplyAsync([]);
        await host.Table.UnloadedAsync();
        Assert.ThrowsAny<ArgumentException>(() => Process.GetProcessById(second));
    }

    [Fact]
    public async Task Verifying_it_moves_it_into_the_node_without_a_gap()
    {
        await using var host = await ServingHost.StartAsync(worker: ServingHost.Worker);
        using var folder = new TempDirectory();
        var version = ServingHost.Made(ServingHost.Adding(1), folder, verified: false);
        await host.Table.ApplyAsync([version]);

        await host.Table.ApplyAsync([version with { Verified = true }]);

        Assert.IsNotType<WorkerSlot>(host.Table.Find("made")!.Slot);
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Post, Path, Two)).Status);
    }

    [Fact]
    public async Task A_queue_of_many_requests_for_one_worker_is_served_in_turn_and_bounded()
    {
        using var folder = new TempDirectory();
        await using var slot = await ModelSlot.LoadAsync(
            ServingHost.Made(ServingHost.Adding(1), folder, verified: false), new ModelSlotOptions { Worker = ServingHost.Worker, WorkerQueue = 8 }, TimeProvider.System, default);
        var x = new Baton.Inference.Tensor("x", [1, 1], new[] { 2f });

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(async () =>
        {
            try
            {
                return ((float[])(await slot.RunAsync([x], default))[0].Values)[0];
            }
            catch (ModelUnavailableException e)
            {
                Assert.Contains("8 requests already wait", e.Message, StringComparison.Ordinal);
                return -1;
            }
        })));

        Assert.Contains(3f, answers);
        Assert.All(answers, a => Assert.Contains(a, (float[])[3f, -1f]));
    }

    [Fact]
    public async Task A_load_that_takes_long_is_cancelled_to_make_way_and_leaves_what_serves()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The worker that never gets ready is a shell script.");
        await using var host = await ServingHost.StartAsync(worker: new ModelProcessOptions { FileName = "/bin/sh", Arguments = ["-c", "sleep 600"] });
        using var folder = new TempDirectory();
        var first = ServingHost.Made(ServingHost.Adding(1), folder);
        await host.Table.ApplyAsync([first]);
        using var newer = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.Table.ApplyAsync([ServingHost.Made(ServingHost.Adding(2), folder, "2", verified: false)], newer.Token));

        Assert.Equal([("1", EndpointState.Ready), ("2", EndpointState.Loading)], host.Table.Status().Select(s => (s.Version, s.State)));
        Assert.Equal("1", (await host.SendAsync(HttpMethod.Post, Path, Two)).Answer.GetProperty("model_version").GetString());
        await host.Table.ApplyAsync([ServingHost.Made(ServingHost.Adding(3), folder, "3")]);
        Assert.Equal("3", (await host.SendAsync(HttpMethod.Post, Path, Two)).Answer.GetProperty("model_version").GetString());
    }

    [Theory]
    [InlineData(null, "this node starts no worker processes; verify it first")]
    [InlineData("/no/such/program", "/no/such/program")]
    public async Task A_node_that_cannot_start_workers_says_so(string? program, string expected)
    {
        await using var host = await ServingHost.StartAsync(worker: program is null ? null : new ModelProcessOptions { FileName = program, Arguments = [] });
        using var folder = new TempDirectory();

        await host.Table.ApplyAsync([ServingHost.Made(ServingHost.Adding(1), folder, verified: false)]);

        Assert.Contains(expected, Assert.Single(host.Table.Status()).Reason, StringComparison.Ordinal);
        Assert.Equal(503, (await host.SendAsync(HttpMethod.Post, Path, Two)).Status);
    }
}
