using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Baton.Serving.Protocol;

/// <summary>Reads a request's body whole, within a limit. Memory grows with the bytes that come, not with what was announced.</summary>
internal static class RequestBody
{
    private const int FirstBytes = 64 << 10;

    /// <summary>Reads the body; the caller disposes of the buffer.</summary>
    /// <exception cref="RequestException">It is larger than the limit, or in a form that is not spoken.</exception>
    public static async ValueTask<PooledBuffer> ReadAsync(HttpRequest request, long limit)
    {
        if (request.Headers.ContentEncoding is [{ Length: > 0 } encoding] && encoding != "identity")
            throw new RequestException($"The body is encoded with {encoding}; send it plain, without Content-Encoding.", StatusCodes.Status415UnsupportedMediaType);
        if (request.Headers.ContainsKey("Inference-Header-Content-Length"))
            throw new RequestException("The body has tensors in binary form, and only JSON is spoken: send `data` in every input (tritonclient: set_data_from_numpy(…, binary_data=False)).");
        if (request.ContentLength > limit)
            throw TooLarge(limit);
        // This limit has words for people; the server's own has none.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;

        var buffer = new PooledBuffer((int)Math.Min(Math.Max(request.ContentLength ?? 0, 4096), FirstBytes));
        try
        {
            while (true)
            {
                var read = await request.BodyReader.ReadAsync(request.HttpContext.RequestAborted);
                var fits = buffer.Length + read.Buffer.Length <= limit;
                foreach (var segment in fits ? read.Buffer : default)
                    buffer.Write(segment.Span);
                request.BodyReader.AdvanceTo(read.Buffer.End);
                // Only after the reader was given back can the server take the rest off the connection, and the caller read the answer.
                if (!fits)
                    throw TooLarge(limit);
                if (read.IsCompleted)
                    return buffer;
                if (read.IsCanceled)
                    throw new OperationCanceledException();
            }
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private static RequestException TooLarge(long limit) => new(
        $"The body is larger than the {limit:N0} bytes that are taken; send fewer rows at once.", StatusCodes.Status413PayloadTooLarge);
}
