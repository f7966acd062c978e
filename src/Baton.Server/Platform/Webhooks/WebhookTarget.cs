using System.Net;
using System.Net.Sockets;
using Baton.Server.Platform.Errors;

namespace Baton.Server.Platform.Webhooks;

/// <summary>
/// Where webhooks may point. A name is resolved and all it stands for must be public, when a webhook is made and again at each connection, which
/// goes to the very address that was checked: a server on the inside cannot be reached through Baton by a name that changes its mind.
/// </summary>
internal sealed class WebhookTarget(ServerOptions options)
{
    private const int MaxUrl = 2048;

    /// <summary>Checks a URL that a client gives.</summary>
    public async Task<string> CheckAsync(string url, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(url))
            throw Refusal.Invalid($"Webhook URL cannot be empty or just whitespace: '{url}'.");
        if (url.Length > MaxUrl)
            throw Refusal.Invalid($"Invalid webhook URL: it is longer than {MaxUrl} characters.");
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri))
            throw Refusal.Invalid($"Invalid webhook URL '{url}': expected {options.WebhookAllowedSchemes[0]}://HOST/PATH.");
        if (!options.WebhookAllowedSchemes.Contains(uri.Scheme, StringComparer.OrdinalIgnoreCase))
            throw Refusal.Invalid($"Invalid webhook URL scheme: '{uri.Scheme}'. Allowed schemes are: {string.Join(", ", options.WebhookAllowedSchemes)}.");
        if (uri.Host.Length == 0)
            throw Refusal.Invalid($"Invalid webhook URL '{url}': it names no host.");
        if (uri.UserInfo.Length > 0)
            throw Refusal.Invalid("Invalid webhook URL: it holds a user name or password, which everybody could read who reads webhooks. Give the webhook a secret and check its signature.");
        try
        {
            await ResolveAsync(uri.IdnHost, cancellation);
        }
        catch (WebhookTargetException unreachable)
        {
            throw Refusal.Invalid($"Invalid webhook URL '{url}': {unreachable.Message}");
        }

        return url;
    }

    /// <summary>Opens a connection to an address of the host that may be reached.</summary>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint host, CancellationToken cancellation)
    {
        var addresses = await ResolveAsync(host.Host, cancellation);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, host.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellation)
    {
        IPAddress[] addresses;
        try
        {
            addresses = IPAddress.TryParse(host.Trim('[', ']'), out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, cancellation);
        }
        catch (SocketException)
        {
            addresses = [];
        }

        if (addresses.Length == 0)
            throw new WebhookTargetException($"the host {host} has no address.");
        if (!options.WebhookAllowPrivate && Array.Find(addresses, a => !PublicAddress.IsPublic(a)) is { } inside)
            throw new WebhookTargetException($"the host {host} stands for {inside}, which is not a public address. Webhooks reach the inside only with --webhook-allow-private.");
        return addresses;
    }
}

/// <summary>A webhook's host has no address that may be reached.</summary>
internal sealed class WebhookTargetException(string message) : Exception(message);
