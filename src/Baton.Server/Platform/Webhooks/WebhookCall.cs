using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Baton.Server.Platform.Webhooks;

/// <summary>Makes one attempt to tell a webhook: no redirects, no proxy, no cookies, at most 30 s.</summary>
internal sealed class WebhookCall : IDisposable
{
    private const int BodyKept = 16 * 1024;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);
    // A connection is to the address that was checked when it was made; a name is looked at again now and then.
    private static readonly TimeSpan ConnectionKept = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;
    private readonly WebhookSecrets _secrets;
    private readonly TimeProvider _time;

    public WebhookCall(WebhookTarget target, WebhookSecrets secrets, TimeProvider time)
    {
        _secrets = secrets;
        _time = time;
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = ConnectLimit,
            PooledConnectionLifetime = ConnectionKept,
            ConnectCallback = (context, cancellation) => target.ConnectAsync(context.DnsEndPoint, cancellation),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = BodyKept,
        };
    }

    public async Task<WebhookAttempt> SendAsync(Webhook webhook, string deliveryId, string body, bool keepBody, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            using var request = await RequestAsync(webhook, deliveryId, body);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var said = keepBody ? await BeginningAsync(response, either.Token) : null;
            return new WebhookAttempt((int)response.StatusCode, response.IsSuccessStatusCode ? null : Complaint(response)) { Body = said, RetryAfter = RetryAfter(response) };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new WebhookAttempt(null, $"no answer within {Limit.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s");
        }
        catch (HttpRequestException failed)
        {
            return new WebhookAttempt(null, failed.InnerException is WebhookTargetException refused ? refused.Message : $"no connection: {failed.Message}");
        }
        catch (CryptographicException)
        {
            return new WebhookAttempt(null, "its secret cannot be read with this server's webhook key; set the secret again");
        }
        catch (IOException failed)
        {
            return new WebhookAttempt(null, $"the answer broke off: {failed.Message}");
        }
        catch (Errors.Refusal refused)
        {
            return new WebhookAttempt(null, refused.Message);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpRequestMessage> RequestAsync(Webhook webhook, string deliveryId, string body)
    {
        var timestamp = _time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-MLflow-Delivery-Id", deliveryId);
        request.Headers.Add("X-MLflow-Timestamp", timestamp);
        if (webhook.Secret is { } kept)
        {
            var secret = Encoding.UTF8.GetBytes(await _secrets.DecryptAsync(webhook.WebhookId, kept));
            var signature = HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{deliveryId}.{timestamp}.{body}"));
            request.Headers.Add("X-MLflow-Signature", "v1," + Convert.ToBase64String(signature));
        }

        return request;
    }

    private static string Complaint(HttpResponseMessage response) => (int)response.StatusCode is >= 300 and < 400
        ? $"it answered {(int)response.StatusCode}, a redirect; webhooks follow none: give the address it leads to"
        : $"it answered {(int)response.StatusCode} {(response.ReasonPhrase is { Length: > 0 } reason ? reason : ((HttpStatusCode)response.StatusCode).ToString())}";

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - _time.GetUtcNow(),
        _ => null,
    };

    private static async Task<string> BeginningAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[BodyKept];
        var read = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        return Encoding.UTF8.GetString(buffer, 0, read);
    }
}
