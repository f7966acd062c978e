using System.Buffers;
using System.IO.Compression;
using System.Reflection;
using System.Text.Json;
using Baton.Server.Platform.Errors;
using Microsoft.AspNetCore.Http;

namespace Baton.Server.Platform.Http;

/// <summary>
/// The JSON body of an MLflow request, whole and unpacked. Lenient as MLflow is: an unparsable body counts as empty, a JSON string holds the
/// JSON, <c>NaN</c> and <c>Infinity</c> may stand bare. It is lent from a pool: dispose of it once it is parsed.
/// </summary>
internal sealed class MlflowBody : IDisposable
{
    /// <summary>How deep a body may be nested; MLflow's own messages stay below 8.</summary>
    public const int MaxDepth = 128;

    private const int MaxLength = 64 * 1024 * 1024;
    private const int FirstBuffer = 4096;

    private byte[] _buffer = [];
    private int _length;

    private MlflowBody()
    {
    }

    public static async ValueTask<MlflowBody?> BindAsync(HttpContext context, ParameterInfo parameter) => await ReadAsync(context);

    public static async Task<MlflowBody> ReadAsync(HttpContext context)
    {
        var request = context.Request;
        if (HttpMethods.IsPost(request.Method) || HttpMethods.IsPut(request.Method))
            CheckContentType(request.ContentType);
        var body = new MlflowBody();
        try
        {
            switch (request.Headers.ContentEncoding.ToString())
            {
                case "" or "identity":
                    await body.FillAsync(request, context.RequestAborted);
                    break;
                case "gzip":
                    await using (var unpacked = new GZipStream(request.Body, CompressionMode.Decompress, leaveOpen: true))
                        await body.FillAsync(unpacked, context.RequestAborted);
                    break;
                case var other:
                    throw Refusal.Invalid($"Content-Encoding '{CodePoints.Cut(other, 100)}' is not understood: expected gzip, or none.");
            }

            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>Parses the body; <paramref name="parse"/> may see it more than once, mended or as <c>{}</c>, and throws a <see cref="JsonException"/> where it is no JSON.</summary>
    public T Parse<T>(Func<ReadOnlyMemory<byte>, T> parse)
    {
        var json = Trimmed(_buffer.AsMemory(0, _length));
        if (json.Length > 0 && json.Span[0] != (byte)'{')
            json = Unwrapped(json);
        if (json.Length == 0)
            return parse("{}"u8.ToArray());
        try
        {
            return parse(json);
        }
        catch (InvalidOperationException)
        {
            throw Refusal.Invalid("The JSON holds half a character (a lone surrogate), which is no text.");
        }
        catch (JsonException)
        {
            if (MlflowJson.DepthOf(json.Span) > MaxDepth)
                throw Refusal.Invalid($"The JSON is nested deeper than {MaxDepth} levels.");
            return MlflowJson.WithBareNumbersQuoted(json.Span) is { } mended && MlflowJson.IsObject(mended) ? parse(mended) : parse("{}"u8.ToArray());
        }
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
    }

    private static void CheckContentType(string? type)
    {
        if (string.IsNullOrEmpty(type))
            throw Refusal.Invalid("Bad Request. Content-Type header is missing.");
        var end = type.IndexOf(';');
        if (!(end < 0 ? type.AsSpan() : type.AsSpan(0, end)).Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase))
            throw Refusal.Invalid("Bad Request. Content-Type must be one of ['application/json'].");
    }

    private static ReadOnlyMemory<byte> Trimmed(ReadOnlyMemory<byte> json)
    {
        var span = json.Span;
        var start = span.StartsWith("\uFEFF"u8) ? 3 : 0;
        while (start < span.Length && span[start] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            start++;
        return json[start..];
    }

    /// <summary>The JSON inside a JSON string, which old clients send; nothing where it is no JSON at all.</summary>
    private static ReadOnlyMemory<byte> Unwrapped(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, MlflowJson.Options);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.String)
                throw Refusal.Invalid($"The body must be a JSON object; it is of kind {root.ValueKind}.");
            var inner = Trimmed(System.Text.Encoding.UTF8.GetBytes(root.GetString()!));
            return inner.Length > 0 && inner.Span[0] == (byte)'{' ? inner : ReadOnlyMemory<byte>.Empty;
        }
        catch (Exception none) when (none is JsonException or InvalidOperationException)
        {
            return MlflowJson.DepthOf(json.Span) > MaxDepth
                ? throw Refusal.Invalid($"The JSON is nested deeper than {MaxDepth} levels.")
                : ReadOnlyMemory<byte>.Empty;
        }
    }

    private async Task FillAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentLength is > MaxLength)
            throw TooLarge();
        if (request.ContentLength is { } length)
            Grow((int)length);
        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(cancellation);
            foreach (var segment in read.Buffer)
                Append(segment.Span);
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return;
        }
    }

    private async Task FillAsync(Stream unpacked, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                if (_length == _buffer.Length)
                    Grow(_length + 1);
                var read = await unpacked.ReadAsync(_buffer.AsMemory(_length), cancellation);
                if (read == 0)
                    return;
                _length += read;
                if (_length > MaxLength)
                    throw TooLarge();
            }
        }
        catch (InvalidDataException broken)
        {
            throw Refusal.Invalid($"The body says it is gzip, but does not unpack: {broken.Message}");
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_length + bytes.Length > MaxLength)
            throw TooLarge();
        if (_length + bytes.Length > _buffer.Length)
            Grow(_length + bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Grow(int least)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(least, FirstBuffer), _buffer.Length > 0 ? _buffer.Length * 2 : 0));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private static Refusal TooLarge() => new(ProblemCode.TooLarge, $"The body is larger than {MaxLength} bytes, the most this route takes.");
}
