using Baton.Contracts;
using Baton.Server.Deployments;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Baton.Server.Platform.References;
using Baton.Storage;
using Baton.Storage.Tables;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Predictions;

/// <summary>Takes a sealed file of prediction rows from a serving node: the blob first, its row after. The same file again changes nothing.</summary>
internal sealed class PutPredictionFile(Writes writes, PredictionsStore store, BlobStore blobs, InspectFile inspect)
{
    /// <summary>The largest file taken, bytes.</summary>
    public const long MaxBytes = 256L * 1024 * 1024;

    public async Task<LogFile> HandleAsync(Caller caller, string endpoint, string id, string day, Stream content, long? length, CancellationToken cancellation)
    {
        var blob = await TakeAsync(content, length, cancellation);
        LogFile file;
        try
        {
            file = (await inspect.HandleAsync(LogKind.Predictions, blob.Digest, endpoint, day, cancellation)) with { Id = id };
        }
        catch (InvalidTableException bad)
        {
            throw PredictionsErrors.BadFile(id, bad.Message);
        }

        return await writes.RunAsync(caller, async change =>
        {
            await store.LockEndpointAsync(change, endpoint);
            if (await store.FindFileAsync(change.Sql, change.Project, endpoint, id) is { } there)
                return there.Digest == file.Digest && there.Day == day ? there : throw PredictionsErrors.OtherFile(endpoint, there, file.Digest, day);
            await store.InsertFileAsync(change, LogKind.Predictions, file);
            await change.HoldAsync(file.Holder, file.Digest);
            return file;
        }, cancellation);
    }

    private async Task<Blob> TakeAsync(Stream content, long? length, CancellationToken cancellation)
    {
        try
        {
            return await blobs.PutAsync(content, new BlobLimits { MaxBytes = MaxBytes, ExpectedLength = length }, cancellation);
        }
        catch (BlobTooLargeException)
        {
            throw new Refusal(ProblemCode.TooLarge, $"The prediction file is larger than {MaxBytes} bytes, the most that is taken: send several.");
        }
        catch (BlobLengthMismatchException cut)
        {
            throw Refusal.Invalid($"The body ended after {cut.Actual} bytes; Content-Length announced {cut.Expected}. Nothing was stored.");
        }
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("PUT", "endpoints/{endpoint}/prediction-files/{id}", Permission.WritePredictions, async (
        string endpoint, string id, string? day, HttpContext context, Caller caller, PutPredictionFile put, CancellationToken cancellation) =>
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = MaxBytes;
        var file = await put.HandleAsync(
            caller, EndpointName.Parse(endpoint).Value, LogNames.File(id), LogNames.Day(day).Day, context.Request.Body, context.Request.ContentLength, cancellation);
        return Results.Json(new Answer(file.Digest, file.RowCount), Documents.Compact);
    });

    private sealed record Answer(string Digest, long Rows);
}
