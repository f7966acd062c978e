using Baton.Contracts;
using Baton.Database;
using Baton.Server.Platform.Ledger;
using Baton.Server.Platform.References;

namespace Baton.Server.Artifacts;

/// <summary>One file of the mutable map.</summary>
internal sealed record ArtifactFile
{
    public string Path { get; init; } = "";

    public string Digest { get; init; } = "";

    public long Size { get; init; }

    public long ModifiedAt { get; init; }
}

/// <summary>All SQL of the leg; that of uploads and of folders is in <c>ArtifactsStore.*.cs</c>.</summary>
internal sealed partial class ArtifactsStore
{
    public Task<ArtifactFile?> FindAsync(Session sql, string project, ArtifactPath path) => sql.FirstOrDefaultAsync<ArtifactFile>(
        "SELECT path, digest, size, modified_at FROM artifact_files WHERE project = @project AND path = @Value",
        new { project, path.Value });

    /// <summary>Every file below a folder, and the file at its path; they stay as they are until the change commits, so that what they hold stays held.</summary>
    public Task<IReadOnlyList<ArtifactFile>> ForSealingAsync(Change change, ArtifactPath source) => change.Sql.QueryAsync<ArtifactFile>(
        $"""
        SELECT path, digest, size, modified_at FROM artifact_files
        WHERE project = @Project AND (path = @Value OR (path >= @from AND path < @to)) ORDER BY path{change.Sql.Dialect.ForUpdate}
        """,
        new { change.Project, source.Value, from = source.Value + "/", to = source.Value + "0" });

    /// <summary>Puts changes of the files below one first segment, one after the other, until this change commits.</summary>
    public Task LockBranchAsync(Change change, ArtifactPath path) => change.Sql.ExecuteAsync(
        "INSERT INTO artifact_branches (project, name) VALUES (@Project, @name) ON CONFLICT (project, name) DO UPDATE SET name = excluded.name",
        new { change.Project, name = path.Value.Split('/', 2)[0] });

    /// <summary>A file that keeps another from a path: one where the path has a folder, or one below the path. Null where nothing does.</summary>
    public Task<string?> FindObstacleAsync(Session sql, string project, ArtifactPath path) => sql.FirstOrDefaultAsync<string>(
        $"""
        SELECT path FROM artifact_files WHERE project = @project AND ({sql.Dialect.In("path", "@above")} OR (path >= @from AND path < @to)) LIMIT 1
        """,
        new { project, above = path.Above, from = path.Value + "/", to = path.Value + "0" });

    /// <summary>Removes a file, or all files below a folder, and what they hold.</summary>
    public async Task DeleteAsync(Change change, ArtifactPath path)
    {
        await ReleaseAsync(change, path);
        await change.Sql.ExecuteAsync(
            "DELETE FROM artifact_files WHERE project = @Project AND (path = @Value OR (path >= @from AND path < @to))",
            new { change.Project, path.Value, from = path.Value + "/", to = path.Value + "0" });
    }

    public Task PutAsync(Change change, ArtifactPath path, string digest, long size) => change.Sql.ExecuteAsync(
        """
        INSERT INTO artifact_files (project, path, digest, size, modified_at) VALUES (@Project, @Value, @digest, @size, @Now)
        ON CONFLICT (project, path) DO UPDATE SET digest = excluded.digest, size = excluded.size, modified_at = excluded.modified_at
        """,
        new { change.Project, path.Value, digest, size, change.Now });

    /// <summary>Holds the blob of a file for as long as the file is there.</summary>
    public static Task<int> HoldAsync(Change change, ArtifactPath path, string digest) => change.HoldAsync(HolderOf(path.Value), digest);

    /// <summary>Lets go of the blobs of a file, and of all below it.</summary>
    private static Task<int> ReleaseAsync(Change change, ArtifactPath path) => change.Sql.ExecuteAsync(
        "DELETE FROM blob_references WHERE project = @Project AND (holder = @holder OR (holder >= @from AND holder < @to))",
        new { change.Project, holder = HolderOf(path.Value), from = HolderOf(path.Value + "/"), to = HolderOf(path.Value + "0") });

    private static string HolderOf(string path) => $"artifacts/{path}";

    public Task InsertManifestAsync(Change change, Manifest manifest) => change.Sql.ExecuteAsync(
        """
        INSERT INTO manifests (project, digest, document, sealed_at) VALUES (@Project, @Digest, @document, @Now) ON CONFLICT DO NOTHING
        """,
        new { change.Project, manifest.Digest, document = Documents.Write(manifest), change.Now });

    public async Task<Manifest?> FindManifestAsync(Session sql, string project, string digest) =>
        await sql.FirstOrDefaultAsync<string>(
            "SELECT document FROM manifests WHERE project = @project AND digest = @digest",
            new { project, digest }) is { } document
            ? Documents.Read<Manifest>(document)
            : null;
}
