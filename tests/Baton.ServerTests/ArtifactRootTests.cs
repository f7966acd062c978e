using System.Net;
using System.Net.Http.Headers;
using Baton.Database;
using Baton.Server;
using Baton.Testing;
using Xunit;

namespace Baton.ServerTests;

public sealed class ArtifactRootTests
{
    [Theory, EachDatabase]
    public async Task What_clients_write_below_the_root_is_listed_and_served_and_nothing_else(Engine engine)
    {
        using var folder = new TempDirectory();
        await using var server = await TestServer.StartAsync(engine, with: o => o with { DefaultArtifactRoot = $"file://{folder.File("root")}" });
        await File.WriteAllTextAsync(folder.File("secret"), "secret");
        var experiment = await server.Client.GetOrCreateExperimentAsync("outer");
        var run = await server.Client.CreateRunAsync(experiment.ExperimentId, "r", []);
        Assert.StartsWith($"file://{folder.File("root")}/", run.Info.ArtifactUri, StringComparison.Ordinal);
        var own = new Uri(run.Info.ArtifactUri).LocalPath;
        Directory.CreateDirectory(Path.Combine(own, "d"));
        await File.WriteAllTextAsync(Path.Combine(own, "d", "a.txt"), "0123456789");
        File.CreateSymbolicLink(Path.Combine(own, "link"), folder.File("secret"));
        Directory.CreateSymbolicLink(Path.Combine(own, "out"), folder.Path);

        var id = run.Info.RunId;
        var (_, listed) = await server.MlflowAsync(HttpMethod.Get, $"artifacts/list?run_id={id}");
        Assert.Equal("""[{"path":"d","is_dir":true}]""", listed["files"]!.ToJsonString());
        using var request = new HttpRequestMessage(HttpMethod.Get, $"get-artifact?run_id={id}&path=d/a.txt") { Headers = { Range = new RangeHeaderValue(2, 4) } };
        using var part = await server.Http.SendAsync(request);
        Assert.Equal((HttpStatusCode.PartialContent, "234"), (part.StatusCode, await part.Content.ReadAsStringAsync()));
        foreach (var path in (string[])["link", "out/secret", "../../../secret", "%2e%2e/x", "d"])
        {
            using var refused = await server.Http.GetAsync($"get-artifact?run_id={id}&path={path}");
            Assert.Contains(refused.StatusCode, (HttpStatusCode[])[HttpStatusCode.NotFound, HttpStatusCode.BadRequest]);
        }
    }

    [Theory, EachDatabase]
    public async Task A_place_outside_the_root_is_not_read(Engine engine)
    {
        using var folder = new TempDirectory();
        await using var server = await TestServer.StartAsync(engine, with: o => o with { DefaultArtifactRoot = $"file://{folder.File("root")}" });
        foreach (var location in (string[])["file:///etc", $"file://{folder.File("rootless")}", "s3://bucket/x"])
        {
            var (_, created) = await server.MlflowAsync(HttpMethod.Post, "experiments/create", new { name = location, artifact_location = location });
            var run = await server.Client.CreateRunAsync(created["experiment_id"]!.GetValue<string>(), "r", []);
            var (status, body) = await server.MlflowAsync(HttpMethod.Get, $"artifacts/list?run_id={run.Info.RunId}");
            Assert.Equal((400, "INVALID_PARAMETER_VALUE"), (status, body["error_code"]!.GetValue<string>()));
            Assert.Contains(location, body["message"]!.GetValue<string>(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("s3://bucket")]
    [InlineData("file://host/dir")]
    [InlineData("/dir")]
    [InlineData("file:///dir?x")]
    public void A_root_of_another_kind_is_a_fault(string root) => Assert.Contains(
        $"--default-artifact-root {root} is not understood", string.Join('\n', new ServerOptions { DataDirectory = "d", DefaultArtifactRoot = root }.Problems()), StringComparison.Ordinal);

    [Theory]
    [InlineData("mlflow-artifacts:/")]
    [InlineData("mlflow-artifacts:/below")]
    [InlineData("file:///dir")]
    public void A_root_of_a_known_kind_is_none(string root) => Assert.Empty(new ServerOptions { DataDirectory = "d", DefaultArtifactRoot = root }.Problems());
}
