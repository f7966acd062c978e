using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Baton.Bench;

/// <summary>One connection to a control plane: whole requests, whole answers of any length, one after the other, at little cost to the machine.</summary>
internal sealed class TrackingWire : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 300_000, SendTimeout = 300_000 };
    private readonly IPEndPoint _server;
    private byte[] _buffer = new byte[64 * 1024];
    private int _read;
    private int _head;

    public TrackingWire(IPEndPoint server)
    {
        _server = server;
        _socket.Connect(server);
    }

    /// <summary>A request as it goes over the wire.</summary>
    public static byte[] Request(string verb, string path, string? body, string accept = "*/*") => Encoding.UTF8.GetBytes(body is null
        ? $"{verb} {path} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n\r\n"
        : $"{verb} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    /// <summary>Sends a request; waits for the end of its answer, which stays until the next.</summary>
    /// <returns>Bytes of the answer.</returns>
    /// <exception cref="BenchException">The answer is not 200.</exception>
    public int Ask(byte[] request)
    {
        _socket.Send(request);
        return Receive();
    }

    /// <summary>Asks MLflow's API for JSON.</summary>
    public JsonNode Post(string route, string body)
    {
        Ask(Request("POST", "/api/2.0/mlflow/" + route, body));
        return JsonNode.Parse(Body())!;
    }

    /// <summary>Asks for JSON.</summary>
    public JsonNode Get(string path)
    {
        Ask(Request("GET", path, null));
        return JsonNode.Parse(Body())!;
    }

    /// <summary>Sends a file made of one block again and again.</summary>
    public void Upload(string path, byte[] block, int blocks)
    {
        _socket.Send(Encoding.ASCII.GetBytes($"PUT {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\nContent-Length: {(long)block.Length * blocks}\r\n\r\n"));
        for (var i = 0; i < blocks; i++)
            _socket.Send(block);
        Receive();
    }

    /// <summary>Takes a file and forgets it.</summary>
    /// <returns>Its length.</returns>
    public long Download(string path)
    {
        _socket.Send(Request("GET", path, null));
        _read = 0;
        while ((_head = _buffer.AsSpan(0, _read).IndexOf("\r\n\r\n"u8)) < 0)
            More();
        var length = ContentLength() ?? throw new BenchException("A download has no Content-Length.");
        CheckStatus();
        for (long left = length - (_read - _head - 4); left > 0;)
        {
            var got = _socket.Receive(_buffer);
            left -= got > 0 ? got : throw new BenchException("The server closed the connection in the middle of a download.");
        }

        return length;
    }

    /// <summary>The last answer's body.</summary>
    public string Body()
    {
        var rest = _buffer.AsSpan(_head + 4, _read - _head - 4);
        if (ContentLength() is not null)
            return Encoding.UTF8.GetString(rest);
        var whole = new MemoryStream();
        while (Utf8Parser.TryParse(rest, out int size, out var digits, 'x') && size > 0)
        {
            whole.Write(rest.Slice(digits + 2, size));
            rest = rest[(digits + 2 + size + 2)..];
        }

        return Encoding.UTF8.GetString(whole.GetBuffer(), 0, (int)whole.Length);
    }

    public void Dispose() => _socket.Dispose();

    private int Receive()
    {
        _read = 0;
        while ((_head = _buffer.AsSpan(0, _read).IndexOf("\r\n\r\n"u8)) < 0)
            More();
        CheckStatus();
        if (ContentLength() is { } length)
        {
            while (_read < _head + 4 + length)
                More();
            return _read;
        }

        for (var at = _head + 4; ;)
        {
            int line;
            while ((line = _buffer.AsSpan(at, _read - at).IndexOf("\r\n"u8)) < 0)
                More();
            if (!Utf8Parser.TryParse(_buffer.AsSpan(at, line), out int size, out _, 'x'))
                throw new BenchException("An answer has neither a Content-Length nor chunks.");
            at += line + 2 + size + 2;
            while (_read < at)
                More();
            if (size == 0)
                return _read;
        }
    }

    private void More()
    {
        if (_read == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        var got = _socket.Receive(_buffer, _read, _buffer.Length - _read, SocketFlags.None);
        _read += got > 0 ? got : throw new BenchException($"{_server} closed the connection in the middle of an answer.");
    }

    private void CheckStatus()
    {
        if (_buffer.AsSpan(0, _head).StartsWith("HTTP/1.1 200 "u8))
            return;
        // What it says in one piece is enough to see why.
        _socket.ReceiveTimeout = 200;
        try
        {
            while (true)
                More();
        }
        catch (Exception e) when (e is SocketException or BenchException)
        {
            throw new BenchException($"The server refused: {Encoding.UTF8.GetString(_buffer, 0, Math.Min(_read, 4000))}");
        }
    }

    private int? ContentLength()
    {
        var field = _buffer.AsSpan(0, _head).IndexOf("Content-Length: "u8);
        return field >= 0 && Utf8Parser.TryParse(_buffer.AsSpan(field + 16), out int length, out _) ? length : null;
    }
}
