using System.Net.Sockets;

namespace Baton.Client;

/// <summary>Nothing answers at the server's address, or the connection broke.</summary>
/// <param name="server">The address.</param>
/// <param name="cause">What the transport said.</param>
public sealed class ServerUnreachableException(Uri server, Exception cause)
    : Exception($"No Baton server answers at {server.GetLeftPart(UriPartial.Authority)} ({Cause(cause)}).", cause)
{
    /// <summary>The address.</summary>
    public Uri Server { get; } = server;

    private static string Cause(Exception e) => e switch
    {
        _ when e.GetBaseException() is SocketException socket => Sentence(socket.Message),
        TimeoutException => e.Message,
        _ => Sentence(e.GetBaseException().Message),
    };

    private static string Sentence(string text) => text.TrimEnd('.').ToLowerInvariant();
}
