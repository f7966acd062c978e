using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ids;
using Baton.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Artifacts;

/// <summary>Serves a file, or lists a folder, of Baton's map or of the folder that clients write.</summary>
internal sealed class GetArtifact(BatonDatabase database, ArtifactsStore store, BlobStore blobs, ArtifactPlaces places)
{
    public Task<ArtifactFile?> FindAsync(Caller caller, ArtifactPath path, CancellationToken cancellation) =>
        FindAsync(caller, new ArtifactPlace(false, path), cancellation);

    public async Task<ArtifactFile?> FindAsync(Caller caller, ArtifactPlace place, CancellationToken cancellation)
    {
        if (place.IsOuter)
            return places.Outer!.Find(place.Path.Value) is { } outer ? Of(outer) : null;
        return SealedPath.Of(place.Path) is { } within
            ? (await SealedAsync(caller, within, cancellation)).FirstOrDefault(f => f.Path == place.Path.Value)
            : await database.ReadAsync(sql => store.FindAsync(sql, caller.Project, place.Path), cancellation);
    }

    /// <summary>Every file below a folder, by path.</summary>
    public Task<IReadOnlyList<ArtifactFile>> BelowAsync(Caller caller, ArtifactPath folder, CancellationToken cancellation) =>
        BelowAsync(caller, new ArtifactPlace(false, folder), cancellation);

    /// <summary>Every file below a folder, by path.</summary>
    public async Task<IReadOnlyList<ArtifactFile>> BelowAsync(Caller caller, ArtifactPlace place, CancellationToken cancellation)
    {
        if (place.IsOuter)
            return [.. places.Outer!.List(place.Path.Value).Select(Of)];
        return SealedPath.Of(place.Path) is { } within
            ? [.. (await SealedAsync(caller, within, cancellation)).Where(f => f.Path.StartsWith(place.Path.Value + "/", StringComparison.Ordinal))]
            : await database.ReadAsync(sql => store.BelowAsync(sql, caller.Project, place.Path), cancellation);
    }

    public Task<IResult> DownloadAsync(Caller caller, ArtifactPath path, CancellationToken cancellation) =>
        DownloadAsync(caller, new ArtifactPlace(false, path), cancellation);

    public async Task<IResult> DownloadAsync(Caller caller, ArtifactPlace place, CancellationToken cancellation)
    {
        var file = await FindAsync(caller, place, cancellation) ?? throw Refusal.NotFound($"There is no artifact '{place.Path.Value}'.");
        var type = ContentTypes.Of(place.Path.FileName);
        return place.IsOuter
            ? new OuterFileResponse(places.Outer!, file, type, place.Path.FileName)
            : new BlobResponse(blobs, file.Digest, type, place.Path.FileName, file.ModifiedAt > 0 ? file.ModifiedAt : null);
    }

    public Task<IReadOnlyList<Entry>> ListAsync(Caller caller, ArtifactPath folder, CancellationToken cancellation) =>
        ListAsync(caller, new ArtifactPlace(false, folder), cancellation);

    /// <summary>What stands directly in a folder; nothing for a file or a missing folder, by which clients tell files from folders.</summary>
    public async Task<IReadOnlyList<Entry>> ListAsync(Caller caller, ArtifactPlace folder, CancellationToken cancellation)
    {
        var skip = folder.Path.Value.Length == 0 ? 0 : folder.Path.Value.Length + 1;
        var files = folder.IsOuter || SealedPath.Of(folder.Path) is not null
            ? await BelowAsync(caller, folder, cancellation)
            : await database.ReadAsync(sql => store.FirstsInAsync(sql, caller.Project, folder.Path), cancellation);
        return [.. files.Select(f => (Tail: f.Path[skip..], f.Size))
            .GroupBy(f => f.Tail.Split('/', 2)[0])
            .Select(g => g.First().Tail == g.Key ? new Entry(g.Key, false, g.First().Size) : new Entry(g.Key, true, null))
            .OrderBy(e => e.Path, StringComparer.Ordinal)];
    }

    private static ArtifactFile Of(OuterFile file) => new() { Path = file.Path, Size = file.Size, ModifiedAt = file.ModifiedAt.ToMicros() };

    private async Task<IReadOnlyList<ArtifactFile>> SealedAsync(Caller caller, SealedPath within, CancellationToken cancellation) =>
        await database.ReadAsync(sql => store.FindManifestAsync(sql, caller.Project, within.ManifestDigest), cancellation) is { } manifest
            ? [.. manifest.Files.Select(f => new ArtifactFile { Path = within.PathOf(f.Path), Digest = f.Sha256, Size = f.Size })]
            : [];

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var prefix in ArtifactsModule.Prefixes)
        {
            routes.MapRoute(prefix + "/artifacts/{**path}", ["GET", "HEAD"], (
                string? path, HttpRequest request, Caller caller, GetArtifact get, CancellationToken cancellation) =>
                string.IsNullOrEmpty(path)
                    ? ListAsync(get, caller, ArtifactPath.Parse(request.Query["path"].ToString()), cancellation)
                    : get.DownloadAsync(caller, ArtifactPath.Of(request, path), cancellation)).Requires(Permission.ReadArtifacts);
        }
    }

    private static async Task<IResult> ListAsync(GetArtifact get, Caller caller, ArtifactPath folder, CancellationToken cancellation) =>
        MlflowAnswer.Of(new { Files = (await get.ListAsync(caller, folder, cancellation)).OrNothing() });

    public sealed record Entry(string Path, bool IsDir, long? FileSize);
}
