using Baton.Contracts;
using Baton.Server.Platform.Errors;
using Baton.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Baton.Server.Artifacts;

/// <summary>Streams a blob as an answer: each chunk is checked against its digest before it is sent; ranges and <c>If-None-Match</c> are honoured.</summary>
internal sealed class BlobResponse(BlobStore blobs, string digest, string contentType, string? fileName) : IResult
{
    public async Task ExecuteAsync(HttpContext context)
    {
        var (request, response, cancellation) = (context.Request, context.Response, context.RequestAborted);
        var etag = $"\"{Digests.Hex(digest)}\"";
        response.Headers.ETag = etag;
        if (request.Headers.IfNoneMatch.ToString() == etag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        await using var reader = await blobs.OpenAsync(Digest.Parse(digest), cancellation)
            ?? throw new Refusal(ProblemCode.BlobCorrupt, $"The stored file {digest} is missing; restore it from a backup.");
        var (offset, length) = (0L, reader.Size);
        if (RequestedRange(request, reader.Size) is var (from, to))
        {
            (offset, length) = (from, to - from + 1);
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = $"bytes {from}-{to}/{reader.Size}";
        }

        response.ContentType = contentType;
        response.ContentLength = length;
        response.Headers.AcceptRanges = "bytes";
        if (fileName is not null)
            response.Headers.ContentDisposition = Attachment(fileName);
        if (!HttpMethods.IsHead(request.Method))
            await reader.CopyToAsync(response.Body, offset, length, cancellation);
    }

    /// <summary>The one range asked for, ends included; null for none or for several, which are answered whole.</summary>
    private static (long From, long To)? RequestedRange(HttpRequest request, long size)
    {
        if (!RangeHeaderValue.TryParse(request.Headers.Range.ToString(), out var header) || header.Unit != "bytes" || header.Ranges.Count != 1)
            return null;
        var range = header.Ranges.Single();
        var from = range.From ?? Math.Max(0, size - range.To!.Value);
        var to = range.From is null ? size - 1 : Math.Min(range.To ?? size - 1, size - 1);
        return from <= to ? (from, to) : throw new Refusal(ProblemCode.RangeNotSatisfiable, $"The range lies outside the file's {size} bytes.");
    }

    private static string Attachment(string fileName)
    {
        var header = new ContentDispositionHeaderValue("attachment");
        header.SetHttpFileName(fileName);
        return header.ToString();
    }
}
