using Baton.Database;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Registry;

/// <summary>All SQL of the leg but its two searches. Here: registered models.</summary>
internal sealed partial class RegistryStore
{
    /// <summary>The columns of a <see cref="RegisteredModel"/>'s own row.</summary>
    public const string ModelColumns = "name, description, last_version, created_at, updated_at";

    public async Task<RegisteredModel?> FindModelAsync(Session sql, string project, string name)
    {
        RegisteredModel? found = null;
        await sql.ReadPreparedAsync($"SELECT {ModelColumns} FROM registered_models WHERE project = $1 AND name = $2", row => found = ModelOf(row), project, name);
        return found is null ? null : (await LoadModelsAsync(sql, project, [found]))[0];
    }

    /// <summary>Every model of a project by name, without versions, tags and aliases.</summary>
    public Task<IReadOnlyList<RegisteredModel>> ListModelsAsync(Session sql, string project) => sql.QueryAsync<RegisteredModel>(
        $"SELECT {ModelColumns} FROM registered_models WHERE project = @project ORDER BY name", new { project });

    /// <summary>The same models in the same order, with their tags, aliases and latest versions.</summary>
    public async Task<IReadOnlyList<RegisteredModel>> LoadModelsAsync(Session sql, string project, IReadOnlyList<RegisteredModel> models)
    {
        if (models.Count == 0)
            return models;
        var names = models.Select(m => m.Name).ToArray();
        var among = sql.Dialect.Among("name", "$2");
        var tags = new List<(string Name, string Key, string Value)>();
        await sql.ReadPreparedAsync(
            $"SELECT name, key, value FROM registered_model_tags WHERE project = $1 AND {among}",
            row => tags.Add((row.Text(0), row.Text(1), row.Text(2))), project, names);
        var aliases = new List<(string Name, ModelAlias Alias)>();
        await sql.ReadPreparedAsync(
            $"SELECT name, alias, version FROM registered_model_aliases WHERE project = $1 AND {among} ORDER BY alias",
            row => aliases.Add((row.Text(0), new ModelAlias(row.Text(1), row.Integer(2)))), project, names);
        var latest = (await LatestAsync(sql, project, names)).ToLookup(v => v.Name);
        var (tagsOf, aliasesOf) = (tags.ToLookup(t => t.Name), aliases.ToLookup(a => a.Name, a => a.Alias));
        return
        [
            .. models.Select(m => m with
            {
                Tags = tagsOf[m.Name].ToDictionary(t => t.Key, t => t.Value),
                Aliases = [.. aliasesOf[m.Name]],
                Latest = [.. latest[m.Name].Select(v => v with { Aliases = [.. aliasesOf[m.Name].Where(a => a.Version == v.Version).Select(a => a.Alias)] })],
            }),
        ];
    }

    /// <summary>Opens a line of versions; false where the name is taken. Under a name used before, numbers go on where they ended.</summary>
    public async Task<bool> InsertModelAsync(Change change, string name, string? description, IReadOnlyDictionary<string, string> tags)
    {
        var args = new { change.Project, name, description, change.Now };
        var isNew = await change.Sql.ExecuteAsync(
            """
            INSERT INTO registered_models (project, name, description, last_version, created_at, updated_at)
            VALUES (@Project, @name, @description, 0, @Now, @Now) ON CONFLICT DO NOTHING
            """,
            args) == 1;
        if (!isNew)
            return false;
        // A statement of its own: the insert may have waited for the deletion of the name's last holder, and this one sees what that left.
        await change.Sql.ExecuteAsync(
            """
            UPDATE registered_models SET last_version = f.last_version FROM former_model_names f
            WHERE registered_models.project = @Project AND registered_models.name = @name AND f.project = @Project AND f.name = @name
            """,
            args);
        await change.Sql.ExecuteAsync("UPDATE former_model_names SET holder = NULL WHERE project = @Project AND name = @name", args);
        foreach (var (key, value) in tags)
            await SetModelTagAsync(change, name, key, value);
        return true;
    }

    /// <summary>False where there is no such model.</summary>
    public async Task<bool> UpdateModelAsync(Change change, string name, string? description) => await change.Sql.ExecuteAsync(
        "UPDATE registered_models SET description = @description, updated_at = @Now WHERE project = @Project AND name = @name",
        new { change.Project, name, description, change.Now }) == 1;

    /// <summary>
    /// Locks a model's row until commit, so that what is decided about its versions is decided one after the other. False where there is none.
    /// </summary>
    public async Task<bool> LockModelAsync(Change change, string name) => await change.Sql.FirstOrDefaultAsync<string>(
        $"SELECT name FROM registered_models WHERE project = @Project AND name = @name{change.Sql.Dialect.ForUpdate}",
        new { change.Project, name }) is not null;

    /// <summary>Takes a model away with all that is its own. Its packages stay held: the ledger speaks of them.</summary>
    public async Task DeleteModelAsync(Change change, string name)
    {
        var args = new { change.Project, name };
        await LeaveNameAsync(change, name, holder: null);
        foreach (var table in (string[])["registered_model_aliases", "registered_model_tags", "model_version_tags", "model_versions", "registered_models"])
            await change.Sql.ExecuteAsync($"DELETE FROM {table} WHERE project = @Project AND name = @name", args);
    }

    /// <summary>Gives a model another name, which nobody has, and its versions, tags and aliases with it.</summary>
    /// <exception cref="UniqueViolationException">Somebody took the name meanwhile.</exception>
    public async Task RenameModelAsync(Change change, string name, string newName, long lastVersion)
    {
        var args = new { change.Project, name, newName, lastVersion, change.Now };
        await LeaveNameAsync(change, name, newName);
        await change.Sql.ExecuteAsync(
            """
            UPDATE registered_models SET name = @newName, last_version = @lastVersion, updated_at = @Now WHERE project = @Project AND name = @name
            """,
            args);
        await change.Sql.ExecuteAsync("DELETE FROM former_model_names WHERE project = @Project AND name = @newName", args);
        await change.Sql.ExecuteAsync("UPDATE model_versions SET name = @newName, updated_at = @Now WHERE project = @Project AND name = @name", args);
        foreach (var table in (string[])["registered_model_aliases", "registered_model_tags", "model_version_tags"])
            await change.Sql.ExecuteAsync($"UPDATE {table} SET name = @newName WHERE project = @Project AND name = @name", args);
    }

    /// <summary>The last number counted under a name that another model than <paramref name="holder"/> had once; null where none had it.</summary>
    public Task<long?> FindFormerNameAsync(Session sql, string project, string name, string holder) => sql.FirstOrDefaultAsync<long?>(
        "SELECT last_version FROM former_model_names WHERE project = @project AND name = @name AND (holder IS NULL OR holder <> @holder)",
        new { project, name, holder });

    private static async Task LeaveNameAsync(Change change, string name, string? holder)
    {
        var args = new { change.Project, name, holder };
        await change.Sql.ExecuteAsync("UPDATE former_model_names SET holder = @holder WHERE project = @Project AND holder = @name", args);
        await change.Sql.ExecuteAsync(
            """
            INSERT INTO former_model_names (project, name, last_version, holder)
            SELECT project, name, last_version, @holder FROM registered_models WHERE project = @Project AND name = @name
            ON CONFLICT (project, name) DO UPDATE SET last_version = excluded.last_version, holder = excluded.holder
            """,
            args);
    }

    public static RegisteredModel ModelOf(IRow row) => new()
    {
        Name = row.Text(0),
        Description = row.TextOrNull(1),
        LastVersion = row.Integer(2),
        CreatedAt = row.Integer(3),
        UpdatedAt = row.Integer(4),
    };
}
