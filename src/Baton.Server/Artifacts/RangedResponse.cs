using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Ids;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Baton.Server.Artifacts;

/// <summary>Answers with a file: <c>Range</c>, <c>If-Range</c>, <c>If-None-Match</c> and <c>If-Modified-Since</c> are honoured, and nothing is copied first.</summary>
internal abstract class RangedResponse(string etag, long? modifiedAt, string contentType, string? fileName) : IResult
{
    private readonly EntityTagHeaderValue _etag = new($"\"{etag}\"");

    // Dates of HTTP are whole seconds.
    private readonly DateTimeOffset? _modified = modifiedAt is { } at ? DateTimeOffset.FromUnixTimeSeconds(Instants.FromMicros(at).ToUnixTimeSeconds()) : null;

    public async Task ExecuteAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        var asked = request.GetTypedHeaders();
        var told = response.GetTypedHeaders();
        (told.ETag, told.LastModified) = (_etag, _modified);
        response.Headers.AcceptRanges = "bytes";
        if (IsKnown(asked))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        await using var content = await OpenAsync(context.RequestAborted);
        var (offset, length) = (0L, content.Size);
        if (AppliesTo(asked.IfRange) && RequestedRange(asked.Range, content.Size) is var (from, to))
        {
            (offset, length) = (from, to - from + 1);
            response.StatusCode = StatusCodes.Status206PartialContent;
            told.ContentRange = new ContentRangeHeaderValue(from, to, content.Size);
        }

        response.ContentType = contentType;
        response.ContentLength = length;
        if (fileName is not null)
            response.Headers.ContentDisposition = Attachment(fileName);
        if (!HttpMethods.IsHead(request.Method))
            await content.CopyToAsync(response.Body, offset, length, context.RequestAborted);
    }

    /// <summary>Opens the content; called only where it is to be sent.</summary>
    protected abstract Task<IRangedContent> OpenAsync(CancellationToken cancellation);

    private bool IsKnown(Microsoft.AspNetCore.Http.Headers.RequestHeaders asked) => asked.IfNoneMatch.Count > 0
        ? asked.IfNoneMatch.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(_etag, useStrongComparison: false))
        : asked.IfModifiedSince is { } since && _modified <= since;

    private bool AppliesTo(RangeConditionHeaderValue? condition) => condition is null
        || (condition.EntityTag is { } tag ? tag.Compare(_etag, useStrongComparison: true) : condition.LastModified == _modified);

    /// <summary>The one range asked for, ends included; null for none or for several, which are answered whole.</summary>
    private static (long From, long To)? RequestedRange(RangeHeaderValue? header, long size)
    {
        if (header is null || header.Unit != "bytes" || header.Ranges.Count != 1)
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

/// <summary>Open content of which any range can be sent.</summary>
internal interface IRangedContent : IAsyncDisposable
{
    long Size { get; }

    Task CopyToAsync(Stream destination, long offset, long length, CancellationToken cancellation);
}
