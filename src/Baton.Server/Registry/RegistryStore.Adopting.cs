using Baton.Server.Platform.Ledger;

namespace Baton.Server.Registry;

/// <content>What is taken in from other registries: it keeps its times, numbers and stages.</content>
internal sealed partial class RegistryStore
{
    /// <summary>Sets the times of a model and the highest number ever used, which never falls.</summary>
    public Task AdoptModelAsync(Change change, RegisteredModel model) => change.Sql.ExecuteAsync(
        """
        UPDATE registered_models SET created_at = @CreatedAt, updated_at = @UpdatedAt,
            last_version = CASE WHEN last_version < @LastVersion THEN @LastVersion ELSE last_version END
        WHERE project = @Project AND name = @Name
        """,
        new { change.Project, model.Name, model.CreatedAt, model.UpdatedAt, model.LastVersion });

    /// <summary>Whether a number was ever used, by a version deleted since too.</summary>
    public async Task<bool> IsNumberTakenAsync(Change change, string name, long version) => await change.Sql.FirstOrDefaultAsync<string>(
        "SELECT name FROM model_versions WHERE project = @Project AND name = @name AND version = @version", new { change.Project, name, version }) is not null;

    /// <summary>Sets what a version brings along and a new one has not.</summary>
    public async Task AdoptVersionAsync(Change change, ModelVersion version)
    {
        var args = new
        {
            change.Project,
            version.Name,
            version.Version,
            version.Description,
            version.Stage,
            version.StagedAt,
            version.ManifestDigest,
            version.StorageLocation,
            version.CreatedBy,
            version.CreatedAt,
            version.UpdatedAt,
        };
        await change.Sql.ExecuteAsync(
            """
            UPDATE model_versions SET description = @Description, stage = @Stage, staged_at = @StagedAt, staged_by = CASE WHEN @StagedAt IS NULL THEN NULL ELSE @CreatedBy END,
                manifest_digest = COALESCE(manifest_digest, @ManifestDigest), storage_location = @StorageLocation,
                created_by = @CreatedBy, created_at = @CreatedAt, updated_at = @UpdatedAt
            WHERE project = @Project AND name = @Name AND version = @Version
            """,
            args);
        await change.Sql.ExecuteAsync(
            "UPDATE registered_models SET last_version = @Version WHERE project = @Project AND name = @Name AND last_version < @Version", args);
        foreach (var (key, value) in version.Tags)
            await SetVersionTagAsync(change, version.Name, version.Version, key, value);
    }
}
