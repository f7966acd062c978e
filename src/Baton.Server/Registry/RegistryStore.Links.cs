using Baton.Database;

namespace Baton.Server.Registry;

/// <content>What lineage asks: versions by what they were made of.</content>
internal sealed partial class RegistryStore
{
    /// <summary>Versions with a value in one of the columns <c>run_id</c> and <c>model_id</c>, newest first, without tags and aliases.</summary>
    public Task<IReadOnlyList<ModelVersion>> OfAsync(Session sql, string project, string column, string value, int limit) => sql.QueryAsync<ModelVersion>(
        $"""
        SELECT {VersionColumns} FROM model_versions WHERE project = @project AND {column} = @value AND deleted_at IS NULL
        ORDER BY created_at DESC, name, version DESC LIMIT @limit
        """,
        new { project, value, limit });
}
