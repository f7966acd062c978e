using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Baton.Client;

/// <summary>
/// Typed client of a Baton server, one part per leg of the lap. Every call throws <see cref="ServerUnreachableException"/> where nothing answers and
/// <see cref="BatonApiException"/> where the server says no. Safe for concurrent use.
/// </summary>
public sealed partial class BatonClient : IDisposable
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(100);
    private static readonly Uri Root = new("", UriKind.Relative);

    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    /// <summary>A client of the server at an address.</summary>
    /// <param name="server">Address, e.g. <c>http://localhost:5000</c>; a path is kept.</param>
    /// <param name="token">Bearer token, where the server asks for one.</param>
    /// <param name="project">Project (MLflow's workspace); null for <c>default</c>.</param>
    /// <param name="handler">Transport; null for the network. Not disposed by this client.</param>
    /// <param name="time">Clock for waiting; null for the system's.</param>
    public BatonClient(Uri server, string? token = null, string? project = null, HttpMessageHandler? handler = null, TimeProvider? time = null)
    {
        Server = server.AbsoluteUri.EndsWith('/') ? server : new Uri(server.AbsoluteUri + "/");
        _time = time ?? TimeProvider.System;
        _http = handler is null
            ? new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5), PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
            : new HttpClient(handler, disposeHandler: false);
        _http.BaseAddress = Server;
        _http.Timeout = Timeout.InfiniteTimeSpan;
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("baton", typeof(BatonClient).Assembly.GetName().Version?.ToString(3)));
        if (token is not null)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (project is not null)
            _http.DefaultRequestHeaders.Add("X-MLFLOW-WORKSPACE", project);
    }

    /// <summary>Address of the server, ending in a slash.</summary>
    public Uri Server { get; }

    /// <summary>Whether a server answers and is well.</summary>
    public async Task<bool> IsHealthyAsync(CancellationToken cancel = default)
    {
        try
        {
            using var response = await SendAsync(HttpMethod.Get, "health", null, cancel).ConfigureAwait(false);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is ServerUnreachableException or BatonApiException)
        {
            return false;
        }
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private Task<T> GetAsync<T>(string path, CancellationToken cancel) => AskAsync<T>(HttpMethod.Get, path, null, cancel);

    private Task<T> PostAsync<T>(string path, object body, CancellationToken cancel) =>
        AskAsync<T>(HttpMethod.Post, path, JsonContent.Create(body, body.GetType(), options: WireJson.Options), cancel);

    private async Task PostAsync(string path, object body, CancellationToken cancel)
    {
        using var content = JsonContent.Create(body, body.GetType(), options: WireJson.Options);
        using var response = await SendAsync(HttpMethod.Post, path, content, cancel).ConfigureAwait(false);
    }

    private async Task<T> AskAsync<T>(HttpMethod method, string path, HttpContent? content, CancellationToken cancel)
    {
        using var sent = content;
        using var response = await SendAsync(method, path, content, cancel).ConfigureAwait(false);
        return await ReadAsync<T>(response, cancel).ConfigureAwait(false);
    }

    private async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancel)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync<T>(WireJson.Options, cancel).ConfigureAwait(false)
                ?? throw new JsonException("the answer is null");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new BatonApiException(response.StatusCode, "unreadable_answer",
                $"{response.RequestMessage?.RequestUri} answered what is not the JSON of a Baton server ({e.Message}). Is something else listening there?");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new ServerUnreachableException(Server, e);
        }
    }

    /// <summary>Sends and reads the whole answer, within the time an answer may take.</summary>
    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(AnswerWithin);
        using var request = new HttpRequestMessage(method, path.Length == 0 ? Root : new Uri(path, UriKind.Relative)) { Content = content };
        try
        {
            return await OrThrowAsync(request, HttpCompletionOption.ResponseContentRead, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new ServerUnreachableException(Server, new TimeoutException($"no answer within {AnswerWithin.TotalSeconds:0} s", e));
        }
    }

    /// <summary>Sends without a limit of time: transfers take as long as they take.</summary>
    private async Task<HttpResponseMessage> TransferAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        return await OrThrowAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel).ConfigureAwait(false);
    }

    private async Task<HttpResponseMessage> OrThrowAsync(HttpRequestMessage request, HttpCompletionOption completion, CancellationToken cancel)
    {
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, completion, cancel).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw new ServerUnreachableException(Server, e);
        }
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync(cancel).ConfigureAwait(false);
            throw BatonApiException.From(response.StatusCode, text, request.RequestUri);
        }
    }

    private static string Query(string path, params ReadOnlySpan<(string Name, string? Value)> values)
    {
        var separator = '?';
        foreach (var (name, value) in values)
        {
            if (value is null)
                continue;
            path += $"{separator}{name}={Uri.EscapeDataString(value)}";
            separator = '&';
        }
        return path;
    }

    private static string Escape(string segment) => Uri.EscapeDataString(segment);

    /// <summary>Whether an exception says that a thing does not exist.</summary>
    private static bool IsMissing(BatonApiException e) => e.Status == HttpStatusCode.NotFound;
}
