using Baton.Contracts;
using Baton.Database;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Artifacts;

/// <summary>One file of the mutable map.</summary>
internal sealed record ArtifactFile
{
    public string Path { get; init; } = "";

    public string Digest { get; init; } = "";

    public long Size { get; init; }

    public long ModifiedAt { get; init; }
}

/// <summary>All SQL of the leg.</summary>
internal sealed class ArtifactsStore
{
    public Task<ArtifactFile?> FindAsync(Session sql, string project, ArtifactPath path) => sql.FirstOrDefaultAsync<ArtifactFile>(
        "SELECT path, digest, size, modified_at FROM artifact_files WHERE project = @project AND path = @Value",
        new { project, path.Value });

    /// <summary>Every file below a folder, by path.</summary>
    public Task<IReadOnlyList<ArtifactFile>> BelowAsync(Session sql, string project, ArtifactPath folder)
    {
        // A range instead of LIKE: both engines order by code point, so it uses the key's index and needs no escaping. '0' follows '/'.
        var from = folder.Value.Length == 0 ? "" : folder.Value + "/";
        var to = folder.Value.Length == 0 ? "\U0010FFFF" : folder.Value + "0";
        return sql.QueryAsync<ArtifactFile>(
            """
            SELECT path, digest, size, modified_at FROM artifact_files
            WHERE project = @project AND path >= @from AND path < @to ORDER BY path
            """,
            new { project, from, to });
    }

    public Task PutAsync(Change change, ArtifactPath path, string digest, long size) => change.Sql.ExecuteAsync(
        """
        INSERT INTO artifact_files (project, path, digest, size, modified_at) VALUES (@Project, @Value, @digest, @size, @Now)
        ON CONFLICT (project, path) DO UPDATE SET digest = excluded.digest, size = excluded.size, modified_at = excluded.modified_at
        """,
        new { change.Project, path.Value, digest, size, change.Now });

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
