using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Baton.Inference;
using Baton.Verification.Load;

namespace Baton.Verification.Endpoints;

/// <summary>An endpoint of any maker over HTTP/1.1, a connection to each stream. An answer that is not good is an error, never an exception.</summary>
internal sealed class EndpointTarget : IDisposable
{
    private const int LongestExcerpt = 200;
    private const int LongestAnswer = 256 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;
    private readonly Uri _requests;
    private readonly byte[]? _expected;

    /// <summary>An endpoint.</summary>
    /// <param name="protocol">What it speaks.</param>
    /// <param name="address">Address of the model.</param>
    /// <param name="streams">Requests that may be under way at once.</param>
    public EndpointTarget(EndpointProtocol protocol, Uri address, int streams)
    {
        _requests = EndpointProtocols.Requests(protocol, address);
        _expected = RequestBody.Expected(protocol);
        _http = new HttpClient(new SocketsHttpHandler
        {
            MaxConnectionsPerServer = streams,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(5),
        })
        {
            Timeout = Patience,
            MaxResponseContentBufferSize = LongestAnswer,
        };
    }

    /// <summary>Sends a body and waits for all of the answer.</summary>
    /// <returns>What was wrong; null for a good answer.</returns>
    public string? Send(byte[] body)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _requests) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = _http.Send(request);
            var answer = Read(response);
            if (!response.IsSuccessStatusCode)
                return $"{_requests} answered {(int)response.StatusCode}: {Excerpt(answer)}";
            return _expected is null || answer.AsSpan().IndexOf(_expected) >= 0 ? null : $"{_requests} answered without {Encoding.UTF8.GetString(_expected)}: {Excerpt(answer)}";
        }
        catch (HttpRequestException e)
        {
            return $"{_requests} does not answer: {e.Message}";
        }
        catch (TaskCanceledException)
        {
            return $"{_requests} gave no answer within {Patience.TotalSeconds:0} s";
        }
        catch (IOException e)
        {
            return $"{_requests} broke off its answer: {e.Message}";
        }
    }

    /// <summary>Inputs of a model by the metadata of the Open Inference Protocol.</summary>
    /// <exception cref="BenchException">The endpoint does not tell them.</exception>
    public async Task<IReadOnlyList<TensorSpec>> ReadInputsAsync(CancellationToken cancellation)
    {
        var metadata = new Uri(_requests.GetLeftPart(UriPartial.Path)[..^"/infer".Length] + _requests.Query);
        try
        {
            using var response = await _http.GetAsync(metadata, cancellation);
            var text = await response.Content.ReadAsStringAsync(cancellation);
            if (!response.IsSuccessStatusCode)
                throw new BenchException($"{metadata} answered {(int)response.StatusCode}: {Excerpt(Encoding.UTF8.GetBytes(text))}. Check the address of the model, or name a body with --input.");
            using var document = JsonDocument.Parse(text);
            return
            [
                .. document.RootElement.GetProperty("inputs").EnumerateArray().Select(input => new TensorSpec(
                    input.GetProperty("name").GetString()!,
                    input.GetProperty("datatype").GetString()!,
                    [.. input.GetProperty("shape").EnumerateArray().Select(d => d.ValueKind == JsonValueKind.String ? long.Parse(d.GetString()!, System.Globalization.CultureInfo.InvariantCulture) : d.GetInt64())])),
            ];
        }
        catch (HttpRequestException e)
        {
            throw new BenchException($"{metadata} does not answer: {e.Message}", e) { Unreachable = true };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new BenchException($"{metadata} does not tell the model's inputs as the Open Inference Protocol does: {e.Message} Name a body with --input.", e);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private static byte[] Read(HttpResponseMessage response)
    {
        using var memory = new MemoryStream();
        response.Content.ReadAsStream().CopyTo(memory);
        return memory.ToArray();
    }

    private static string Excerpt(byte[] answer)
    {
        var text = Encoding.UTF8.GetString(answer).ReplaceLineEndings(" ").Trim();
        return text.Length <= LongestExcerpt ? text : text[..LongestExcerpt] + "…";
    }
}
