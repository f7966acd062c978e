using System.Globalization;
using Baton.Serving.Models;
using Baton.Testing;
using Xunit;

namespace Baton.UnitTests.Serving.Models;

public sealed class EndpointTableTests
{
    private const string Two = """{"inputs":[{"name":"x","shape":[1,1],"datatype":"FP32","data":[2]}]}""";

    [Fact]
    public async Task Versions_swap_under_traffic_without_one_failed_request()
    {
        await using var host = await ServingHost.StartAsync();
        using var folder = new TempDirectory();
        ServedVersion[] versions = [.. Enumerable.Range(1, 12).Select(v => ServingHost.Made(ServingHost.Adding(v), folder, v.ToString(CultureInfo.InvariantCulture)))];
        await host.Table.ApplyAsync([versions[0]]);
        var old = host.Table.Find("made")!.Slot!;
        using var stop = new CancellationTokenSource();
        var traffic = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var seen = new HashSet<string>();
            while (!stop.IsCancellationRequested)
            {
                var (status, answer, _) = await host.SendAsync(HttpMethod.Post, "/v2/models/made/infer", Two);
                Assert.True(status == 200, answer.ToString());
                var version = answer.GetProperty("model_version").GetString()!;
                // The answer is the one of the version that it names.
                Assert.Equal(2 + int.Parse(version, CultureInfo.InvariantCulture), answer.GetProperty("outputs")[0].GetProperty("data")[0].GetInt32());
                seen.Add(version);
            }

            return seen;
        })).ToArray();

        foreach (var version in versions[1..])
        {
            await host.Table.ApplyAsync([version]);
            await Task.Delay(40);
        }

        await stop.CancelAsync();
        var seen = (await Task.WhenAll(traffic)).SelectMany(s => s).ToHashSet();
        Assert.True(seen.Count > 6, $"Traffic met only the versions {string.Join(", ", seen)}.");
        await host.Table.UnloadedAsync();
        Assert.Equal(0, old.InFlight);
        Assert.Equal("12", Assert.Single(host.Table.Status()).Version);
    }

    [Fact]
    public async Task A_version_that_does_not_load_leaves_the_old_one_in_service_and_is_told()
    {
        await using var host = await ServingHost.StartAsync();
        using var folder = new TempDirectory();
        var good = ServingHost.Made(ServingHost.Adding(1), folder);
        await host.Table.ApplyAsync([good]);
        await File.WriteAllTextAsync(folder.File("broken.onnx"), "no model");

        await host.Table.ApplyAsync([good with { Version = "2", ModelFile = "broken.onnx" }]);

        Assert.Equal("1", (await host.SendAsync(HttpMethod.Post, "/v2/models/made/infer", Two)).Answer.GetProperty("model_version").GetString());
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Get, "/v2/health/ready")).Status);
        Assert.Equal([("1", EndpointState.Ready), ("2", EndpointState.Failed)], host.Table.Status().Select(s => (s.Version, s.State)));
        Assert.Contains("broken.onnx", host.Table.Status()[1].Reason, StringComparison.Ordinal);
        var (status, answer, response) = await host.SendAsync(HttpMethod.Post, "/v2/models/made/versions/2/infer", Two);
        Assert.Equal(503, status);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Contains("broken.onnx", answer.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_that_is_gone_is_not_found_and_its_model_unloaded_after_the_last_request()
    {
        using var folder = new TempDirectory();
        await using var host = await ServingHost.StartAsync();
        await host.Table.ApplyAsync([ServingHost.Made(ServingHost.Adding(1), folder)]);
        var slot = host.Table.Find("made")!.Slot!;
        Assert.True(slot.TryEnter());

        await host.Table.ApplyAsync([]);

        Assert.Equal(404, (await host.SendAsync(HttpMethod.Post, "/v2/models/made/infer", Two)).Status);
        Assert.False(slot.TryEnter());
        var unloaded = host.Table.UnloadedAsync();
        await Task.Delay(50);
        Assert.False(unloaded.IsCompleted);
        Assert.Equal(3f, ((float[])(await slot.RunAsync([new Baton.Inference.Tensor("x", [1, 1], new[] { 2f })], default))[0].Values)[0]);
        slot.Leave();
        await unloaded.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Another_policy_of_logging_does_not_load_again()
    {
        using var folder = new TempDirectory();
        await using var host = await ServingHost.StartAsync();
        var version = ServingHost.Made(ServingHost.Adding(1), folder);
        await host.Table.ApplyAsync([version]);
        var slot = host.Table.Find("made")!.Slot!;

        await host.Table.ApplyAsync([version with { Logging = new LoggingPolicy(0.25, []) }]);

        Assert.Same(slot, host.Table.Find("made")!.Slot);
        Assert.Equal(0.25, host.Table.Find("made")!.Version.Logging.Sample);
        await host.SendAsync(HttpMethod.Post, "/v2/models/made/infer", Two);
        Assert.Equal(0.25, Assert.Single(await host.LoggedAsync(1)).Logging.Sample);
    }

    [Fact]
    public async Task A_pinned_version_answers_beside_the_first()
    {
        using var folder = new TempDirectory();
        await using var host = await ServingHost.StartAsync();
        await host.Table.ApplyAsync(
        [
            ServingHost.Made(ServingHost.Adding(1), folder, "1"),
            ServingHost.Made(ServingHost.Adding(5), folder, "5") with { Arm = "challenger" },
        ]);

        Assert.Equal("1", (await host.SendAsync(HttpMethod.Post, "/v2/models/made/infer", Two)).Answer.GetProperty("model_version").GetString());
        Assert.Equal(7, (await host.SendAsync(HttpMethod.Post, "/v2/models/made/versions/5/infer", Two)).Answer.GetProperty("outputs")[0].GetProperty("data")[0].GetInt32());
        Assert.Equal("challenger", (await host.LoggedAsync(2))[1].Arm);
    }

    [Fact]
    public async Task Two_projects_cannot_have_one_name_on_a_node()
    {
        using var folder = new TempDirectory();
        await using var host = await ServingHost.StartAsync();
        await host.Table.ApplyAsync(
            [ServingHost.Made(ServingHost.Adding(1), folder, "1"), ServingHost.Made(ServingHost.Adding(2), folder, "2") with { Project = "other" }]);

        var status = host.Table.Status();
        Assert.Equal([("default", EndpointState.Ready), ("other", EndpointState.Failed)], status.Select(s => (s.Project, s.State)));
        Assert.Contains("Project default", status[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_fails_on_its_own_reference_rows_is_not_served()
    {
        await using var host = await ServingHost.StartAsync();
        using var folder = new TempDirectory();
        // Reshape to a fixed number of values: loads, and fails on any row of another width.
        var model = ServingHost.Adding(1);
        model.Graph.Node[0].OpType = "Reshape";
        model.Graph.Initializer[0] = new Baton.Inference.Format.TensorProto { Name = "number", DataType = 7, Dims = { 1 }, RawData = Google.Protobuf.ByteString.CopyFrom(BitConverter.GetBytes(777L)) };
        var version = ServingHost.Made(model, folder);
        await using (var file = File.Create(folder.File("reference.parquet")))
            await Baton.Storage.Tables.ParquetFile.WriteAsync(file, new Baton.Storage.Tables.Table([new Baton.Storage.Tables.Column("x", new[] { 1f, 2f })]));

        await host.Table.ApplyAsync([version with { ReferenceFile = folder.File("reference.parquet") }]);

        var failed = Assert.Single(host.Table.Status());
        Assert.Equal(EndpointState.Failed, failed.State);
        Assert.StartsWith("The model fails on rows of its own reference predictions: ", failed.Reason, StringComparison.Ordinal);
    }
}
