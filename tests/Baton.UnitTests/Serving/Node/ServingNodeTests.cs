using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Baton.Client;
using Baton.Serving;
using Baton.Storage.Tables;
using Baton.Testing;
using Xunit;

namespace Baton.UnitTests.Serving.Node;

public sealed class ServingNodeTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private static readonly byte[] Diabetes = Model("diabetes.onnx");
    private static readonly byte[] Wine = Model("wine.onnx");

    private readonly TempDirectory _folder = new();
    private readonly WireControlPlane _controlPlane = new();
    private readonly BatonClient _client;
    private readonly HttpClient _http = new();

    public ServingNodeTests() => _client = new BatonClient(new Uri("http://baton.test"), "token-of-the-node", handler: _controlPlane);

    public void Dispose()
    {
        _http.Dispose();
        _client.Dispose();
        _controlPlane.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Serves_what_the_control_plane_wishes_and_tells_how_it_stands()
    {
        _controlPlane.Wish(_controlPlane.Version("diabetes", "7", Diabetes));
        await using var node = await StartAsync();

        await ReadyAsync(node, "diabetes");
        await Wait.UntilAsync(() => _controlPlane.LastStatus?.Endpoints is [{ State: ServedState.Ready }], Soon);

        var status = _controlPlane.LastStatus!;
        Assert.Equal(("here", node.Address.GetLeftPart(UriPartial.Authority)), (status.Node, status.Address));
        Assert.Equal(new EndpointReport("diabetes", "7", ServedState.Ready, null, "default"), Assert.Single(status.Endpoints));
        Assert.Equal("token-of-the-node", _controlPlane.Token);
    }

    [Fact]
    public async Task A_newer_wish_replaces_and_a_withdrawn_one_ends()
    {
        _controlPlane.Wish(_controlPlane.Version("m", "1", Diabetes));
        await using var node = await StartAsync();
        await ReadyAsync(node, "m");

        _controlPlane.Wish(_controlPlane.Version("m", "2", Wine));
        await Wait.UntilAsync(() => _controlPlane.LastStatus?.Endpoints is [{ Version: "2", State: ServedState.Ready }], Soon);
        _controlPlane.Wish();
        await Wait.UntilAsync(async () => await StatusOfAsync(node, "v2/models/m") == HttpStatusCode.NotFound, Soon);
    }

    [Fact]
    public async Task A_version_that_cannot_be_had_leaves_the_other_in_service_even_after_a_restart()
    {
        var (good, broken) = (_controlPlane.Version("m", "1", Diabetes), _controlPlane.Version("m", "2", [1, 2, 3]));
        _controlPlane.Wish(good);
        await using (var node = await StartAsync())
        {
            await ReadyAsync(node, "m");
            _controlPlane.Wish(broken);
            await Wait.UntilAsync(() => _controlPlane.LastStatus!.Endpoints.Any(e => e is { Version: "2", State: ServedState.Failed, Reason.Length: > 0 }), Soon);
            Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(node, "v2/models/m/versions/1/ready"));
        }
        _controlPlane.Away = true;

        await using var again = await StartAsync();
        await Wait.UntilAsync(async () => await StatusOfAsync(again, "v2/models/m/versions/1/ready") == HttpStatusCode.OK, Soon);
    }

    [Fact]
    public async Task Serves_on_while_the_control_plane_is_away_and_hears_it_again()
    {
        _controlPlane.Wish(_controlPlane.Version("m", "1", Diabetes));
        await using var node = await StartAsync();
        await ReadyAsync(node, "m");
        _controlPlane.Away = true;

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(node, "v2/models/m/ready"));
            await Task.Delay(50);
        }
        _controlPlane.Wish(_controlPlane.Version("m", "2", Wine));
        _controlPlane.Away = false;
        await Wait.UntilAsync(() => _controlPlane.LastStatus?.Endpoints is [{ Version: "2", State: ServedState.Ready }], Soon);
    }

    [Fact]
    public async Task Starts_from_its_disk_when_the_control_plane_is_away()
    {
        _controlPlane.Wish(_controlPlane.Version("m", "1", Diabetes));
        await using (var node = await StartAsync())
        {
            await ReadyAsync(node, "m");
            await Wait.UntilAsync(() => File.Exists(_folder.File("serving.json")), Soon);
        }
        _controlPlane.Away = true;

        await using var again = await StartAsync();
        await ReadyAsync(again, "m");
    }

    [Fact]
    public async Task Bytes_that_are_not_the_package_are_never_served()
    {
        var version = _controlPlane.Version("m", "1", Diabetes);
        _controlPlane.Wish(version with { PackageDigest = "sha256:" + new string('0', 64) });
        await using var node = await StartAsync();

        await Wait.UntilAsync(() => _controlPlane.LastStatus?.Endpoints is [{ State: ServedState.Failed }], Soon);

        Assert.Contains("digest", _controlPlane.LastStatus!.Endpoints[0].Reason!, StringComparison.Ordinal);
        Assert.NotEqual(HttpStatusCode.OK, await StatusOfAsync(node, "v2/models/m/ready"));
    }

    [Fact]
    public async Task Predictions_reach_the_control_plane()
    {
        _controlPlane.Wish(_controlPlane.Version("diabetes", "7", Diabetes));
        await using var node = await StartAsync();
        await ReadyAsync(node, "diabetes");

        var answer = await _http.PostAsJsonAsync(new Uri(node.Address, "v2/models/diabetes/infer"), await RequestAsync(node, "diabetes", "a", "b"));
        Assert.Equal((HttpStatusCode.OK, ""), (answer.StatusCode, answer.IsSuccessStatusCode ? "" : await answer.Content.ReadAsStringAsync()));
        await Wait.UntilAsync(() => !_controlPlane.Files.IsEmpty, Soon);

        var (path, bytes) = Assert.Single(_controlPlane.Files);
        Assert.Matches("^/p/default/api/v1/endpoints/diabetes/prediction-files/[0-9a-f]{32}\\?day=2001-02-15$", path);
        var table = await ParquetFile.ReadAsync(new MemoryStream(bytes));
        Assert.Equal(["a", "b"], (string[])table["prediction_id"].Values);
        Assert.Equal(["7", "7"], (string[])table["version"].Values);
        Assert.Contains("\"variable\"", JsonSerializer.Serialize(JsonDocument.Parse(((string[])table["outputs"].Values)[0])), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_figures_are_scraped()
    {
        _controlPlane.Wish(_controlPlane.Version("diabetes", "7", Diabetes));
        await using var node = await StartAsync();
        await ReadyAsync(node, "diabetes");
        await _http.PostAsJsonAsync(new Uri(node.Address, "v2/models/diabetes/infer"), await RequestAsync(node, "diabetes", "a", "b"));
        await Wait.UntilAsync(() => !_controlPlane.Files.IsEmpty, Soon);

        await Wait.UntilAsync(async () =>
        {
            var metrics = await _http.GetStringAsync(new Uri(node.Address, "metrics"));
            return metrics.Contains("baton_serving_predictions", StringComparison.Ordinal) && metrics.Contains("baton_serving_log_files_sent", StringComparison.Ordinal)
                && metrics.Contains("baton_serving_spool_bytes", StringComparison.Ordinal);
        }, Soon);
    }

    [Theory]
    [InlineData("Host", "evil.example", HttpStatusCode.BadRequest)]
    [InlineData("Host", "127.0.0.1.evil.example", HttpStatusCode.BadRequest)]
    [InlineData("Origin", "http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Host", "localhost", HttpStatusCode.OK)]
    public async Task Pages_of_other_sites_are_refused(string header, string value, HttpStatusCode status)
    {
        await using var node = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(node.Address, "v2/health/live"));
        request.Headers.TryAddWithoutValidation(header, value);

        using var answer = await _http.SendAsync(request);

        Assert.Equal(status, answer.StatusCode);
        if (status != HttpStatusCode.OK)
            Assert.NotEqual("", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_named_file_is_served_without_a_control_plane()
    {
        var options = Options() with { Models = new Dictionary<string, string> { ["wine"] = ModelPath("wine.onnx") } };
        await using var node = await ServingNode.StartAsync(options, controlPlane: null, worker: null, TimeProvider.System, default);

        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(node, "v2/health/ready"));
        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(node, "v2/models/wine/versions/1/ready"));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task A_named_file_that_is_no_model_ends_the_start()
    {
        File.WriteAllText(_folder.File("m.onnx"), "no model");
        var options = Options() with { Models = new Dictionary<string, string> { ["m"] = _folder.File("m.onnx") } };

        var refused = await Assert.ThrowsAsync<Baton.Inference.InvalidModelException>(() => ServingNode.StartAsync(options, null, null, TimeProvider.System, default));

        Assert.Contains("m.onnx", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_is_told()
    {
        await using var node = await StartAsync();

        await Assert.ThrowsAsync<IOException>(() => ServingNode.StartAsync(Options() with { Port = node.Address.Port }, null, null, TimeProvider.System, default));
    }

    [Fact]
    public void Every_fault_of_the_options_is_told_at_once()
    {
        var options = new ServingOptions
        {
            Name = "n",
            WorkDirectory = " ",
            Host = "0.0.0.0",
            Port = 70000,
            LogSealAfter = TimeSpan.Zero,
            Models = new Dictionary<string, string> { ["m"] = "/nowhere/m.onnx" },
        };

        Assert.Equal(["--work", "--port", "--host", "--log-seal-seconds", "there is no model file /nowhere/m.onnx"], options.Problems().Select(p => Start(p)));
    }

    private static string Start(string problem) => problem.StartsWith("--", StringComparison.Ordinal) ? problem[..problem.IndexOf(' ', StringComparison.Ordinal)] : problem[..problem.IndexOf(':', StringComparison.Ordinal)];

    private ServingOptions Options() => new()
    {
        Name = "here",
        WorkDirectory = _folder.Path,
        Port = 0,
        LogSealAfter = TimeSpan.FromMilliseconds(300),
        StatusEvery = TimeSpan.FromSeconds(1),
        Wait = TimeSpan.FromSeconds(2),
    };

    private Task<RunningNode> StartAsync() => ServingNode.StartAsync(Options(), _client, worker: null, TimeProvider.System, default);

    private Task ReadyAsync(RunningNode node, string endpoint) =>
        Wait.UntilAsync(async () => await StatusOfAsync(node, $"v2/models/{endpoint}/ready") == HttpStatusCode.OK, Soon);

    private async Task<HttpStatusCode> StatusOfAsync(RunningNode node, string path)
    {
        using var answer = await _http.GetAsync(new Uri(node.Address, path));
        return answer.StatusCode;
    }

    /// <summary>A request of one row for each id, all inputs zero.</summary>
    private async Task<object> RequestAsync(RunningNode node, string endpoint, params string[] ids)
    {
        var model = await _http.GetFromJsonAsync<JsonElement>(new Uri(node.Address, $"v2/models/{endpoint}"));
        var inputs = model.GetProperty("inputs").EnumerateArray().Select(input =>
        {
            var shape = input.GetProperty("shape").EnumerateArray().Select((d, i) => i == 0 ? ids.Length : Math.Max(1, d.GetInt64())).ToArray();
            return (object)new { name = input.GetProperty("name").GetString(), datatype = input.GetProperty("datatype").GetString(), shape, data = new double[shape.Aggregate(1L, (a, b) => a * b)] };
        });
        object[] reserved =
        [
            new { name = "baton.id", datatype = "BYTES", shape = new[] { ids.Length }, data = ids },
            new { name = "baton.time", datatype = "INT64", shape = new[] { ids.Length }, data = ids.Select(_ => 982_238_400_000_000).ToArray() },
        ];
        return new { inputs = inputs.Concat(reserved).ToArray() };
    }

    private static string ModelPath(string name) => Path.Combine(Repository.Root, "tests", "Baton.UnitTests", "models", name);

    private static byte[] Model(string name) => File.ReadAllBytes(ModelPath(name));
}
