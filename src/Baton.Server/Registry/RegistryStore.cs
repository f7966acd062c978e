using Baton.Database;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Registry;

/// <summary>All SQL of the leg.</summary>
internal sealed class RegistryStore
{
    private const string VersionColumns =
        "name, version, description, source, run_id, run_link, manifest_digest, stage, staged_at, staged_by, created_by, created_at, updated_at";

    public async Task<RegisteredModel?> FindModelAsync(Session sql, string project, string name)
    {
        var args = new { project, name };
        var model = await sql.FirstOrDefaultAsync<RegisteredModel>(
            "SELECT name, description, created_at, updated_at FROM registered_models WHERE project = @project AND name = @name", args);
        if (model is null)
            return null;
        var tags = await sql.QueryAsync<Tag>("SELECT key, value FROM registered_model_tags WHERE project = @project AND name = @name", args);
        var versions = await sql.QueryAsync<ModelVersion>(
            $"SELECT {VersionColumns} FROM model_versions WHERE project = @project AND name = @name AND deleted_at IS NULL ORDER BY version DESC", args);
        return model with { Tags = tags.ToDictionary(t => t.Key, t => t.Value), Versions = versions };
    }

    public Task<IReadOnlyList<RegisteredModel>> ListModelsAsync(Session sql, string project) => sql.QueryAsync<RegisteredModel>(
        "SELECT name, description, created_at, updated_at FROM registered_models WHERE project = @project ORDER BY name", new { project });

    public async Task<ModelVersion?> FindVersionAsync(Session sql, string project, string name, long version)
    {
        var args = new { project, name, version };
        var found = await sql.FirstOrDefaultAsync<ModelVersion>(
            $"SELECT {VersionColumns} FROM model_versions WHERE project = @project AND name = @name AND version = @version AND deleted_at IS NULL", args);
        if (found is null)
            return null;
        var tags = await sql.QueryAsync<Tag>(
            "SELECT key, value FROM model_version_tags WHERE project = @project AND name = @name AND version = @version", args);
        return found with { Tags = tags.ToDictionary(t => t.Key, t => t.Value) };
    }

    /// <summary>The version that came into a stage last, of those that are in it.</summary>
    public Task<ModelVersion?> FindInStageAsync(Session sql, string project, string name, string stage) => sql.FirstOrDefaultAsync<ModelVersion>(
        $"""
        SELECT {VersionColumns} FROM model_versions WHERE project = @project AND name = @name AND stage = @stage AND deleted_at IS NULL
        ORDER BY staged_at DESC, version DESC LIMIT 1
        """,
        new { project, name, stage });

    public async Task InsertModelAsync(Change change, string name, string? description, IReadOnlyDictionary<string, string> tags)
    {
        await change.Sql.ExecuteAsync(
            """
            INSERT INTO registered_models (project, name, description, last_version, created_at, updated_at)
            VALUES (@Project, @name, @description, 0, @Now, @Now)
            """,
            new { change.Project, name, description, change.Now });
        foreach (var (key, value) in tags)
            await change.Sql.ExecuteAsync(
                "INSERT INTO registered_model_tags (project, name, key, value) VALUES (@Project, @name, @key, @value)",
                new { change.Project, name, key, value });
    }

    /// <summary>The next number of a model's versions; null where there is no such model. The model's row stays locked until commit.</summary>
    public Task<long?> NextVersionAsync(Change change, string name) => change.Sql.FirstOrDefaultAsync<long?>(
        """
        UPDATE registered_models SET last_version = last_version + 1, updated_at = @Now WHERE project = @Project AND name = @name RETURNING last_version
        """,
        new { change.Project, name, change.Now });

    /// <summary>Locks a model's row until commit, so that what is decided about its versions is decided one after the other.</summary>
    public Task LockModelAsync(Change change, string name) => change.Sql.FirstOrDefaultAsync<string>(
        $"SELECT name FROM registered_models WHERE project = @Project AND name = @name{change.Sql.Dialect.ForUpdate}",
        new { change.Project, name });

    public async Task InsertVersionAsync(Change change, ModelVersion version)
    {
        await change.Sql.ExecuteAsync(
            """
            INSERT INTO model_versions
                (project, name, version, description, source, run_id, run_link, manifest_digest, stage, created_by, created_at, updated_at)
            VALUES (@Project, @Name, @Version, @Description, @Source, @RunId, @RunLink, @ManifestDigest, 'None', @CreatedBy, @Now, @Now)
            """,
            new
            {
                change.Project,
                version.Name,
                version.Version,
                version.Description,
                version.Source,
                version.RunId,
                version.RunLink,
                version.ManifestDigest,
                version.CreatedBy,
                change.Now,
            });
        foreach (var (key, value) in version.Tags)
            await change.Sql.ExecuteAsync(
                "INSERT INTO model_version_tags (project, name, version, key, value) VALUES (@Project, @Name, @Version, @key, @value)",
                new { change.Project, version.Name, version.Version, key, value });
    }

    public Task SetStageAsync(Change change, string name, long version, string stage) => change.Sql.ExecuteAsync(
        """
        UPDATE model_versions SET stage = @stage, staged_at = @Now, staged_by = @by, updated_at = @Now
        WHERE project = @Project AND name = @name AND version = @version
        """,
        new { change.Project, name, version, stage, change.Now, by = change.Caller.Actor.Name });

    /// <summary>Every other version of a stage goes to <c>Archived</c>; their numbers.</summary>
    public Task<IReadOnlyList<long>> ArchiveOthersAsync(Change change, string name, long version, string stage) => change.Sql.QueryAsync<long>(
        """
        UPDATE model_versions SET stage = 'Archived', staged_at = @Now, staged_by = @by, updated_at = @Now
        WHERE project = @Project AND name = @name AND stage = @stage AND version <> @version RETURNING version
        """,
        new { change.Project, name, version, stage, change.Now, by = change.Caller.Actor.Name });

    /// <summary>The version is read no more; its number stays taken, and its package held.</summary>
    public async Task DeleteVersionAsync(Change change, string name, long version)
    {
        var args = new { change.Project, name, version, change.Now };
        await change.Sql.ExecuteAsync(
            "UPDATE model_versions SET deleted_at = @Now, updated_at = @Now WHERE project = @Project AND name = @name AND version = @version", args);
        await change.Sql.ExecuteAsync("UPDATE registered_models SET updated_at = @Now WHERE project = @Project AND name = @name", args);
    }

    private sealed record Tag
    {
        public string Key { get; init; } = "";

        public string Value { get; init; } = "";
    }
}
