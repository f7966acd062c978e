using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Baton.Client;
using Baton.Contracts;

namespace Baton.UnitTests.Serving.Node;

/// <summary>The control plane as a node meets it on the wire; can be away, and asked what it was told.</summary>
internal sealed class WireControlPlane : HttpMessageHandler
{
    private readonly Dictionary<string, byte[]> _blobs = [];
    private readonly Lock _gate = new();
    private DesiredState _desired = new() { Generation = 1, Endpoints = [] };
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public volatile bool Away;

    public ConcurrentQueue<string> Asked { get; } = new();

    public ConcurrentQueue<(string Path, byte[] Bytes)> Files { get; } = new();

    public NodeStatus? LastStatus { get; private set; }

    public string? Token { get; private set; }

    /// <summary>Wishes for these endpoints from now on.</summary>
    public void Wish(params DesiredEndpoint[] endpoints)
    {
        lock (_gate)
        {
            _desired = new DesiredState { Generation = _desired.Generation + 1, Endpoints = endpoints };
            var before = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            before.SetResult();
        }
    }

    /// <summary>A version whose package holds one model file; its bytes can be downloaded.</summary>
    public DesiredEndpoint Version(string endpoint, string version, byte[] model)
    {
        var digest = Digests.Sha256(model);
        lock (_gate)
            _blobs[digest] = model;
        var package = Manifest.Of([new ManifestFile("model.onnx", digest, model.Length)]);
        return new DesiredEndpoint
        {
            Project = "default",
            Endpoint = endpoint,
            Arm = "champion",
            Model = endpoint,
            Version = version,
            Package = package,
            PackageDigest = package.Digest,
            Verified = true,
        };
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        if (Away)
            throw new HttpRequestException("Connection refused");
        var path = request.RequestUri!.PathAndQuery;
        Asked.Enqueue(path);
        Token = request.Headers.Authorization?.Parameter;
        if (path.StartsWith("/api/v1/serving/desired", StringComparison.Ordinal))
            return Json(await DesiredAsync(path, cancellation));
        if (path == "/api/v1/serving/status")
        {
            LastStatus = await request.Content!.ReadFromJsonAsync<NodeStatus>(WireJson.Options, cancellation);
            return Json(new { });
        }
        if (path.StartsWith("/api/v1/blobs/", StringComparison.Ordinal))
        {
            lock (_gate)
                return new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(_blobs[path["/api/v1/blobs/".Length..]]) };
        }
        Files.Enqueue((path, await request.Content!.ReadAsByteArrayAsync(cancellation)));
        return Json(new { digest = "sha256:0", rows = 1 });
    }

    private async Task<DesiredState> DesiredAsync(string path, CancellationToken cancellation)
    {
        Task changed;
        lock (_gate)
        {
            if (!path.Contains($"after={_desired.Generation}&", StringComparison.Ordinal))
                return _desired;
            changed = _changed.Task;
        }
        await Task.WhenAny(changed, Task.Delay(TimeSpan.FromMilliseconds(100), cancellation));
        if (Away)
            throw new HttpRequestException("Connection reset");
        lock (_gate)
            return _desired;
    }

    private static HttpResponseMessage Json<T>(T body) => new(HttpStatusCode.OK) { Content = JsonContent.Create(body, options: WireJson.Options) };
}
