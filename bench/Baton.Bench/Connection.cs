using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace Baton.Bench;

/// <summary>
/// One connection that sends whole requests and reads whole answers, one after the other. A plain socket rather than HttpClient: the load shares the
/// machine with what it measures, and should cost little of it.
/// </summary>
internal sealed class Connection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 10_000, SendTimeout = 10_000 };
    private readonly byte[] _buffer = new byte[64 * 1024];

    public Connection(IPEndPoint server) => _socket.Connect(server);

    /// <summary>Sends a request; waits for the end of its answer.</summary>
    /// <exception cref="BenchException">The answer is not 200, or has no length.</exception>
    public void Ask(byte[] request)
    {
        _socket.Send(request);
        var (read, end) = (0, -1);
        while (end < 0 || read < end)
        {
            var got = _socket.Receive(_buffer, read, _buffer.Length - read, SocketFlags.None);
            if (got == 0)
                throw new BenchException("The serving node closed the connection in the middle of an answer.");
            read += got;
            if (end < 0)
                end = EndOf(_buffer.AsSpan(0, read));
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Length of the whole answer, once its head is there; -1 before.</summary>
    private static int EndOf(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return -1;
        if (!answer.StartsWith("HTTP/1.1 200 "u8))
            throw new BenchException($"The serving node refused: {System.Text.Encoding.UTF8.GetString(answer)}");
        var field = answer.IndexOf("Content-Length: "u8);
        if (field < 0 || field > head || !Utf8Parser.TryParse(answer[(field + 16)..], out int length, out _))
            throw new BenchException("An answer of the serving node has no Content-Length, which this benchmark needs.");
        return head + 4 + length;
    }
}
