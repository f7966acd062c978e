using Baton.Database;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Registry;

/// <content>Versions.</content>
internal sealed partial class RegistryStore
{
    /// <summary>The columns of a <see cref="ModelVersion"/>'s own row.</summary>
    public const string VersionColumns =
        "name, version, description, source, run_id, run_link, model_id, manifest_digest, storage_location, stage, staged_at, staged_by, created_by, created_at, updated_at";

    public async Task<ModelVersion?> FindVersionAsync(Session sql, string project, string name, long version)
    {
        ModelVersion? found = null;
        await sql.ReadPreparedAsync(
            $"SELECT {VersionColumns} FROM model_versions WHERE project = $1 AND name = $2 AND version = $3 AND deleted_at IS NULL",
            row => found = VersionOf(row), project, name, version);
        if (found is null)
            return null;
        var aliases = new List<string>();
        await sql.ReadPreparedAsync(
            "SELECT alias FROM registered_model_aliases WHERE project = $1 AND name = $2 AND version = $3 ORDER BY alias",
            row => aliases.Add(row.Text(0)), project, name, version);
        return (await LoadVersionsAsync(sql, project, [found]))[0] with { Aliases = aliases };
    }

    /// <summary>Every version of a model, newest first, without tags and aliases.</summary>
    public Task<IReadOnlyList<ModelVersion>> ListVersionsAsync(Session sql, string project, string name) => sql.QueryAsync<ModelVersion>(
        $"SELECT {VersionColumns} FROM model_versions WHERE project = @project AND name = @name AND deleted_at IS NULL ORDER BY version DESC",
        new { project, name });

    /// <summary>The same versions in the same order, with their tags.</summary>
    public async Task<IReadOnlyList<ModelVersion>> LoadVersionsAsync(Session sql, string project, IReadOnlyList<ModelVersion> versions)
    {
        if (versions.Count == 0)
            return versions;
        var tags = new List<(string Name, long Version, string Key, string Value)>();
        await sql.ReadPreparedAsync(
            $"""
            SELECT name, version, key, value FROM model_version_tags
            WHERE project = $1 AND {sql.Dialect.Among("name", "$2")} AND {sql.Dialect.Among("version", "$3")}
            """,
            row => tags.Add((row.Text(0), row.Integer(1), row.Text(2), row.Text(3))),
            project, versions.Select(v => v.Name).Distinct().ToArray(), versions.Select(v => v.Version).Distinct().ToArray());
        var of = tags.ToLookup(t => (t.Name, t.Version));
        return [.. versions.Select(v => v with { Tags = of[(v.Name, v.Version)].ToDictionary(t => t.Key, t => t.Value) })];
    }

    /// <summary>The highest version of a model; null where it has none.</summary>
    public Task<long?> FindHighestAsync(Session sql, string project, string name) => sql.FirstOrDefaultAsync<long?>(
        "SELECT MAX(version) FROM model_versions WHERE project = @project AND name = @name AND deleted_at IS NULL", new { project, name });

    /// <summary>The version that came into a stage last, of those that are in it.</summary>
    public Task<ModelVersion?> FindInStageAsync(Session sql, string project, string name, string stage) => sql.FirstOrDefaultAsync<ModelVersion>(
        $"""
        SELECT {VersionColumns} FROM model_versions WHERE project = @project AND name = @name AND stage = @stage AND deleted_at IS NULL
        ORDER BY staged_at DESC, version DESC LIMIT 1
        """,
        new { project, name, stage });

    /// <summary>How many versions share a stage.</summary>
    public Task<long> CountInStageAsync(Session sql, string project, string name, string stage) => sql.ScalarAsync<long>(
        "SELECT COUNT(*) FROM model_versions WHERE project = @project AND name = @name AND stage = @stage AND deleted_at IS NULL", new { project, name, stage });

    /// <summary>The next number of a model's versions; null where there is no such model. The model's row stays locked until commit.</summary>
    public Task<long?> NextVersionAsync(Change change, string name) => change.Sql.FirstOrDefaultAsync<long?>(
        """
        UPDATE registered_models SET last_version = last_version + 1, updated_at = @Now WHERE project = @Project AND name = @name RETURNING last_version
        """,
        new { change.Project, name, change.Now });

    public async Task InsertVersionAsync(Change change, ModelVersion version)
    {
        await change.Sql.ExecuteAsync(
            """
            INSERT INTO model_versions
                (project, name, version, description, source, run_id, run_link, model_id, manifest_digest, storage_location, stage, created_by, created_at, updated_at)
            VALUES (@Project, @Name, @Version, @Description, @Source, @RunId, @RunLink, @ModelId, @ManifestDigest, @StorageLocation, 'None', @CreatedBy, @Now, @Now)
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
                version.ModelId,
                version.ManifestDigest,
                version.StorageLocation,
                version.CreatedBy,
                change.Now,
            });
        foreach (var (key, value) in version.Tags)
            await SetVersionTagAsync(change, version.Name, version.Version, key, value);
    }

    public Task UpdateVersionAsync(Change change, string name, long version, string description) => change.Sql.ExecuteAsync(
        """
        UPDATE model_versions SET description = @description, updated_at = @Now WHERE project = @Project AND name = @name AND version = @version
        """,
        new { change.Project, name, version, description, change.Now });

    public async Task SetStageAsync(Change change, string name, long version, string stage)
    {
        var args = new { change.Project, name, version, stage, change.Now, by = change.Caller.Actor.Name };
        await change.Sql.ExecuteAsync(
            """
            UPDATE model_versions SET stage = @stage, staged_at = @Now, staged_by = @by, updated_at = @Now
            WHERE project = @Project AND name = @name AND version = @version
            """,
            args);
        await TouchModelAsync(change, name);
    }

    /// <summary>Every other version of a stage goes to <c>Archived</c>; their numbers.</summary>
    public Task<IReadOnlyList<long>> ArchiveOthersAsync(Change change, string name, long version, string stage) => change.Sql.QueryAsync<long>(
        """
        UPDATE model_versions SET stage = 'Archived', staged_at = @Now, staged_by = @by, updated_at = @Now
        WHERE project = @Project AND name = @name AND stage = @stage AND version <> @version AND deleted_at IS NULL RETURNING version
        """,
        new { change.Project, name, version, stage, change.Now, by = change.Caller.Actor.Name });

    /// <summary>The version is read no more; its number stays taken, and its package held.</summary>
    public async Task DeleteVersionAsync(Change change, string name, long version)
    {
        await change.Sql.ExecuteAsync(
            "UPDATE model_versions SET deleted_at = @Now, updated_at = @Now WHERE project = @Project AND name = @name AND version = @version",
            new { change.Project, name, version, change.Now });
        await TouchModelAsync(change, name);
    }

    public Task TouchModelAsync(Change change, string name) => change.Sql.ExecuteAsync(
        "UPDATE registered_models SET updated_at = @Now WHERE project = @Project AND name = @name", new { change.Project, name, change.Now });

    /// <summary>The highest version in each stage of each model, with tags: one step into the index for each.</summary>
    private async Task<IReadOnlyList<ModelVersion>> LatestAsync(Session sql, string project, string[] names)
    {
        var found = new List<ModelVersion>();
        await sql.ReadPreparedAsync(
            $"""
            SELECT {string.Join(", ", VersionColumns.Split(", ").Select(c => "v." + c))} FROM registered_models m
            CROSS JOIN (SELECT 'None' AS stage UNION ALL SELECT 'Staging' UNION ALL SELECT 'Production' UNION ALL SELECT 'Archived') s
            JOIN model_versions v ON v.project = m.project AND v.name = m.name AND v.version = (
                SELECT MAX(x.version) FROM model_versions x
                WHERE x.project = m.project AND x.name = m.name AND x.stage = s.stage AND x.deleted_at IS NULL)
            WHERE m.project = $1 AND {sql.Dialect.Among("m.name", "$2")} ORDER BY v.name, v.version
            """,
            row => found.Add(VersionOf(row)), project, names);
        return await LoadVersionsAsync(sql, project, found);
    }

    public static ModelVersion VersionOf(IRow row) => new()
    {
        Name = row.Text(0),
        Version = row.Integer(1),
        Description = row.Text(2),
        Source = row.Text(3),
        RunId = row.Text(4),
        RunLink = row.Text(5),
        ModelId = row.TextOrNull(6),
        ManifestDigest = row.TextOrNull(7),
        StorageLocation = row.TextOrNull(8),
        Stage = row.Text(9),
        StagedAt = row.IntegerOrNull(10),
        StagedBy = row.TextOrNull(11),
        CreatedBy = row.Text(12),
        CreatedAt = row.Integer(13),
        UpdatedAt = row.Integer(14),
    };
}
