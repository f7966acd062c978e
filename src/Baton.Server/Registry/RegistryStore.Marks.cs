using Baton.Database;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Registry;

/// <content>Tags and aliases.</content>
internal sealed partial class RegistryStore
{
    public Task SetModelTagAsync(Change change, string name, string key, string value) => change.Sql.ExecuteAsync(
        """
        INSERT INTO registered_model_tags (project, name, key, value) VALUES (@Project, @name, @key, @value)
        ON CONFLICT (project, name, key) DO UPDATE SET value = excluded.value
        """,
        new { change.Project, name, key, value });

    /// <summary>Whether there was such a tag.</summary>
    public async Task<bool> DeleteModelTagAsync(Change change, string name, string key) => await change.Sql.ExecuteAsync(
        "DELETE FROM registered_model_tags WHERE project = @Project AND name = @name AND key = @key", new { change.Project, name, key }) == 1;

    public Task<string?> FindModelTagAsync(Session sql, string project, string name, string key) => sql.FirstOrDefaultAsync<string>(
        "SELECT value FROM registered_model_tags WHERE project = @project AND name = @name AND key = @key", new { project, name, key });

    public Task SetVersionTagAsync(Change change, string name, long version, string key, string value) => change.Sql.ExecuteAsync(
        """
        INSERT INTO model_version_tags (project, name, version, key, value) VALUES (@Project, @name, @version, @key, @value)
        ON CONFLICT (project, name, version, key) DO UPDATE SET value = excluded.value
        """,
        new { change.Project, name, version, key, value });

    /// <summary>Whether there was such a tag.</summary>
    public async Task<bool> DeleteVersionTagAsync(Change change, string name, long version, string key) => await change.Sql.ExecuteAsync(
        "DELETE FROM model_version_tags WHERE project = @Project AND name = @name AND version = @version AND key = @key",
        new { change.Project, name, version, key }) == 1;

    /// <summary>The version that an alias points to; null where there is no such alias.</summary>
    public Task<long?> FindAliasAsync(Session sql, string project, string name, string alias) => sql.FirstOrDefaultAsync<long?>(
        "SELECT version FROM registered_model_aliases WHERE project = @project AND name = @name AND alias = @alias", new { project, name, alias });

    public Task SetAliasAsync(Change change, string name, string alias, long version) => change.Sql.ExecuteAsync(
        """
        INSERT INTO registered_model_aliases (project, name, alias, version, set_by, set_at) VALUES (@Project, @name, @alias, @version, @by, @Now)
        ON CONFLICT (project, name, alias) DO UPDATE SET version = excluded.version, set_by = excluded.set_by, set_at = excluded.set_at
        """,
        new { change.Project, name, alias, version, by = change.Caller.Actor.Name, change.Now });

    public Task DeleteAliasAsync(Change change, string name, string alias) => change.Sql.ExecuteAsync(
        "DELETE FROM registered_model_aliases WHERE project = @Project AND name = @name AND alias = @alias", new { change.Project, name, alias });
}
