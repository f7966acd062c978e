using Baton.Database;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Artifacts;

internal sealed partial class ArtifactsStore
{
    public Task InsertUploadAsync(Change change, Upload upload) => change.Sql.ExecuteAsync(
        """
        INSERT INTO uploads (project, id, kind, path, size, parts, finished, touched_at) VALUES (@Project, @Id, @Kind, @Path, @Size, @Parts, FALSE, @Now)
        """,
        new { change.Project, upload.Id, upload.Kind, upload.Path, upload.Size, upload.Parts, change.Now });

    public Task<Upload?> FindUploadAsync(Session sql, string project, string id) => sql.FirstOrDefaultAsync<Upload>(
        "SELECT id, kind, path, size, parts, digest, finished FROM uploads WHERE project = @project AND id = @id", new { project, id });

    /// <summary>Marks an upload that is all there and is named in this change; false where it is gone, or was finished before.</summary>
    public async Task<bool> FinishUploadAsync(Change change, string id, string digest) => await change.Sql.ExecuteAsync(
        "UPDATE uploads SET touched_at = @Now, digest = @digest, finished = TRUE WHERE project = @Project AND id = @id AND NOT finished",
        new { change.Project, change.Now, id, digest }) > 0;

    /// <summary>Whether the upload is still there: told of what came, and what it is once that is known.</summary>
    public async Task<bool> TouchUploadAsync(Change change, string id, string? digest = null) => await change.Sql.ExecuteAsync(
        "UPDATE uploads SET touched_at = @Now, digest = COALESCE(@digest, digest) WHERE project = @Project AND id = @id",
        new { change.Project, change.Now, id, digest }) > 0;

    public Task<int> DeleteUploadAsync(Change change, string id) =>
        change.Sql.ExecuteAsync("DELETE FROM uploads WHERE project = @Project AND id = @id", new { change.Project, id });

    /// <summary>Removes uploads, of all projects, that nothing came for since a moment.</summary>
    public Task<int> DeleteUploadsBeforeAsync(Change change, long before) =>
        change.Sql.ExecuteAsync("DELETE FROM uploads WHERE touched_at < @before", new { before });

    /// <summary>The uploads of all projects.</summary>
    public Task<IReadOnlyList<string>> ListUploadsAsync(Session sql) => sql.QueryAsync<string>("SELECT id FROM uploads");
}
