using Baton.Contracts;
using Baton.Database;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Verification;

internal sealed partial class VerificationStore
{
    /// <summary>By name.</summary>
    public Task<IReadOnlyList<Holdout>> ListHoldoutsAsync(Session sql, string project, string model) => sql.QueryAsync<Holdout>(
        """
        SELECT model, name, digest, size, columns, uploaded_by, uploaded_at,
            (SELECT COUNT(*) FROM holdout_uses u WHERE u.project = h.project AND u.model = h.model AND u.name = h.name AND u.digest = h.digest) AS uses
        FROM holdouts h WHERE project = @project AND model = @model ORDER BY name
        """,
        new { project, model });

    public Task PutHoldoutAsync(Change change, Holdout holdout) => change.Sql.ExecuteAsync(
        """
        INSERT INTO holdouts (project, model, name, digest, size, columns, uploaded_by, uploaded_at)
        VALUES (@Project, @Model, @Name, @Digest, @Size, @Columns, @by, @Now)
        ON CONFLICT (project, model, name) DO UPDATE SET digest = excluded.digest, size = excluded.size, columns = excluded.columns,
            uploaded_by = excluded.uploaded_by, uploaded_at = excluded.uploaded_at
        """,
        new { change.Project, holdout.Model, holdout.Name, holdout.Digest, holdout.Size, holdout.Columns, by = change.Caller.Actor.Name, change.Now });

    public Task UseHoldoutAsync(Change change, string verification, Holdout holdout) => change.Sql.ExecuteAsync(
        """
        INSERT INTO holdout_uses (project, verification, model, name, digest, columns, used_at) VALUES (@Project, @verification, @Model, @Name, @Digest, @Columns, @Now)
        """,
        new { change.Project, verification, holdout.Model, holdout.Name, holdout.Digest, holdout.Columns, change.Now });

    /// <summary>The holdout that a verification carries, with the uses of its bytes up to and with this one; null where it carries none.</summary>
    public async Task<HoldoutDataset?> FindUsedAsync(Session sql, string project, string verification) => await sql.FirstOrDefaultAsync<Holdout>(
        """
        SELECT u.model, u.name, u.digest, u.columns,
            (SELECT COUNT(*) FROM holdout_uses e WHERE e.project = u.project AND e.model = u.model AND e.name = u.name AND e.digest = u.digest
                AND (e.used_at < u.used_at OR (e.used_at = u.used_at AND e.verification <= u.verification))) AS uses
        FROM holdout_uses u WHERE u.project = @project AND u.verification = @verification
        """,
        new { project, verification }) is { } used
        ? new HoldoutDataset(used.Name, used.Digest, (int)used.Uses, Documents.Read<ReferenceColumns>(used.Columns))
        : null;

    /// <summary>The models, of any project, that have or had a holdout of these bytes.</summary>
    public Task<IReadOnlyList<(string Project, string Model)>> FindHoldersAsync(Session sql, string digest) => sql.QueryAsync<(string, string)>(
        "SELECT project, model FROM holdouts WHERE digest = @digest UNION SELECT project, model FROM holdout_uses WHERE digest = @digest", new { digest });
}
