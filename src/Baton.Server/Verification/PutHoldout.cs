using Baton.Contracts;
using Baton.Database;
using Baton.Server.Artifacts;
using Baton.Server.Handoff;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Baton.Server.Platform.References;
using Baton.Server.Registry;
using Baton.Storage;
using Baton.Storage.Tables;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Verification;

/// <summary>
/// Takes a dataset that only the service side knows, and gives it back to that side alone. Every verification under a contract that names it is a use; other
/// bytes under its name are unused ones.
/// </summary>
internal sealed class PutHoldout(BatonDatabase database, Writes writes, VerificationStore store, RegistryStore registry, Sides sides, BlobStore blobs)
{
    /// <summary>The largest file taken, bytes.</summary>
    public const long MaxBytes = 4L * 1024 * 1024 * 1024;

    private const int LongestName = 100;

    public async Task<Holdout> HandleAsync(
        Caller caller, ModelName model, string name, ReferenceColumns columns, Stream content, long? length, CancellationToken cancellation)
    {
        CheckName(name);
        // Asked before the bytes are taken, and again in the write.
        await database.ReadAsync(async sql =>
        {
            await sides.CheckServiceAsync(sql, caller, model.Value, "write its holdouts");
            return true;
        }, cancellation);
        var blob = await TakeAsync(content, length, cancellation);
        await CheckColumnsAsync(blob.Digest, name, columns, cancellation);
        return await writes.RunAsync(caller, async change =>
        {
            if (!await registry.LockModelAsync(change, model.Value))
                throw RegistryErrors.NoModel(model.Value);
            await sides.CheckServiceAsync(change.Sql, caller, model.Value, "write its holdouts");
            var holdout = new Holdout { Model = model.Value, Name = name, Digest = blob.Digest.ToString(), Size = blob.Size, Columns = Documents.Write(columns) };
            await store.PutHoldoutAsync(change, holdout);
            await change.HoldAsync(Holdout.HolderOf(model.Value, name), holdout.Digest);
            await change.RecordAsync("holdout.uploaded", model.Subject, new { holdout = name, sha256 = holdout.Digest, size = holdout.Size });
            return (await store.ListHoldoutsAsync(change.Sql, change.Project, model.Value)).First(h => h.Name == name);
        }, cancellation);
    }

    public Task<IReadOnlyList<Holdout>> ListAsync(Caller caller, ModelName model, CancellationToken cancellation) =>
        database.ReadAsync(sql => store.ListHoldoutsAsync(sql, caller.Project, model.Value), cancellation);

    /// <summary>One, for somebody who may read it.</summary>
    public Task<Holdout> OpenAsync(Caller caller, ModelName model, string name, CancellationToken cancellation) => database.ReadAsync(async sql =>
    {
        await sides.CheckServiceAsync(sql, caller, model.Value, "read its holdouts");
        return (await store.ListHoldoutsAsync(sql, caller.Project, model.Value)).FirstOrDefault(h => h.Name == name)
            ?? throw Refusal.NotFound($"{model} has no holdout '{name}'.");
    }, cancellation);

    private async Task<Blob> TakeAsync(Stream content, long? length, CancellationToken cancellation)
    {
        try
        {
            return await blobs.PutAsync(content, new BlobLimits { MaxBytes = MaxBytes, ExpectedLength = length }, cancellation);
        }
        catch (BlobTooLargeException)
        {
            throw new Refusal(ProblemCode.TooLarge, $"The holdout is larger than {MaxBytes} bytes, the most that is taken.");
        }
        catch (BlobLengthMismatchException cut)
        {
            throw Refusal.Invalid($"The body ended after {cut.Actual} bytes; Content-Length announced {cut.Expected}. Nothing was stored.");
        }
    }

    private async Task CheckColumnsAsync(Digest digest, string name, ReferenceColumns columns, CancellationToken cancellation)
    {
        var path = await blobs.LocalPathAsync(digest, cancellation) ?? throw new BlobCorruptException(digest, null, "it is missing");
        TableHead head;
        try
        {
            head = await ParquetFile.HeadAsync(path, cancellation);
        }
        catch (InvalidTableException bad)
        {
            // The reader names its file, which is the server's own and of no use to the caller.
            throw Refusal.Invalid($"The holdout '{name}' is no Parquet file that can be read: {bad.Message.Replace($"'{path}': ", "", StringComparison.Ordinal)}");
        }

        IEnumerable<string?> named = [columns.Id, columns.Label, columns.Prediction, columns.Score, columns.Weight, columns.Query, .. columns.Scores ?? []];
        if (named.OfType<string>().Except(head.Columns).ToList() is { Count: > 0 } missing)
            throw Refusal.Invalid($"The holdout '{name}' has no column {string.Join(", ", missing)}; it has {string.Join(", ", head.Columns.Take(50))}.");
        if (head.Rows == 0)
            throw Refusal.Invalid($"The holdout '{name}' holds no rows.");
    }

    private static void CheckName(string name)
    {
        if (name.Length is 0 or > LongestName || name.Any(c => c is '/' or ':' || char.IsControl(c)) || name is "." or "..")
            throw Refusal.Invalid($"'{name}' is no name of a holdout: expected 1 to {LongestName} characters without '/' and ':'.");
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapV1("PUT", "models/{name}/holdouts/{holdout}", Permission.WriteHoldouts, async (
            string name, string holdout, HttpContext context, Caller caller, PutHoldout put, CancellationToken cancellation) =>
        {
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
                size.MaxRequestBodySize = MaxBytes;
            var done = await put.HandleAsync(
                caller, ModelName.Parse(name), holdout, ColumnsOf(context.Request.Query), context.Request.Body, context.Request.ContentLength, cancellation);
            return Results.Json(HoldoutView.Of(done), Documents.Compact);
        });
        routes.MapV1("GET", "models/{name}/holdouts", Permission.ReadHandoff, async (string name, Caller caller, PutHoldout put, CancellationToken cancellation) =>
            Results.Json(new Listing([.. (await put.ListAsync(caller, ModelName.Parse(name), cancellation)).Select(HoldoutView.Of)]), Documents.Compact));
        routes.MapV1("GET", "models/{name}/holdouts/{holdout}", Permission.ReadHoldouts, async (
            string name, string holdout, Caller caller, PutHoldout put, BlobStore blobs, CancellationToken cancellation) =>
            new BlobResponse(blobs, (await put.OpenAsync(caller, ModelName.Parse(name), holdout, cancellation)).Digest, "application/vnd.apache.parquet", $"{holdout}.parquet"));
    }

    private static ReferenceColumns ColumnsOf(IQueryCollection query)
    {
        string? One(string field) => query[field].ToString() is { Length: > 0 } column ? column : null;
        IReadOnlyList<string>? Many(string field) => query[field] is { Count: > 0 } values ? [.. values.SelectMany(v => v!.Split(','))] : null;
        string Needed(string field) => One(field) ?? throw Refusal.Invalid($"'{field}' is missing: the query names the columns, e.g. ?id=row_id&label=late.");
        return new ReferenceColumns
        {
            Id = Needed("id"),
            Label = Needed("label"),
            Prediction = One("prediction"),
            Score = One("score"),
            Scores = Many("scores"),
            Classes = Many("classes"),
            Weight = One("weight"),
            Query = One("query"),
        };
    }

    private sealed record Listing(IReadOnlyList<HoldoutView> Holdouts);
}
