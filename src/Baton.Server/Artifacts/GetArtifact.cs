using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Artifacts;

/// <summary>Serves a file, or lists a folder.</summary>
internal sealed class GetArtifact(BatonDatabase database, ArtifactsStore store, BlobStore blobs)
{
    public async Task<ArtifactFile?> FindAsync(Caller caller, ArtifactPath path, CancellationToken cancellation) => SealedPath.Of(path) is { } within
        ? (await SealedAsync(caller, within, cancellation)).FirstOrDefault(f => f.Path == path.Value)
        : await database.ReadAsync(sql => store.FindAsync(sql, caller.Project, path), cancellation);

    /// <summary>Every file below a folder, by path.</summary>
    public async Task<IReadOnlyList<ArtifactFile>> BelowAsync(Caller caller, ArtifactPath folder, CancellationToken cancellation) => SealedPath.Of(folder) is { } within
        ? [.. (await SealedAsync(caller, within, cancellation)).Where(f => f.Path.StartsWith(folder.Value + "/", StringComparison.Ordinal))]
        : await database.ReadAsync(sql => store.BelowAsync(sql, caller.Project, folder), cancellation);

    public async Task<IResult> DownloadAsync(Caller caller, ArtifactPath path, CancellationToken cancellation)
    {
        var file = await FindAsync(caller, path, cancellation) ?? throw Refusal.NotFound($"There is no artifact '{path.Value}'.");
        return new BlobResponse(blobs, file.Digest, ContentTypes.Of(path.FileName), path.FileName);
    }

    /// <summary>What stands directly in a folder; nothing for a file or a missing folder, by which clients tell files from folders.</summary>
    public async Task<IReadOnlyList<Entry>> ListAsync(Caller caller, ArtifactPath folder, CancellationToken cancellation)
    {
        var skip = folder.Value.Length == 0 ? 0 : folder.Value.Length + 1;
        var files = await BelowAsync(caller, folder, cancellation);
        return [.. files.Select(f => (Tail: f.Path[skip..], f.Size))
            .GroupBy(f => f.Tail.Split('/', 2)[0])
            .Select(g => g.First().Tail == g.Key ? new Entry(g.Key, false, g.First().Size) : new Entry(g.Key, true, null))
            .OrderBy(e => e.Path, StringComparer.Ordinal)];
    }

    private async Task<IReadOnlyList<ArtifactFile>> SealedAsync(Caller caller, SealedPath within, CancellationToken cancellation) =>
        await database.ReadAsync(sql => store.FindManifestAsync(sql, caller.Project, within.ManifestDigest), cancellation) is { } manifest
            ? [.. manifest.Files.Select(f => new ArtifactFile { Path = within.PathOf(f.Path), Digest = f.Sha256, Size = f.Size })]
            : [];

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var prefix in ArtifactsModule.Prefixes)
        {
            routes.MapMethods(prefix + "/artifacts/{**path}", ["GET", "HEAD"], (
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
