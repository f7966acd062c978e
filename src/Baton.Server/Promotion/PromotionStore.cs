using Baton.Database;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Promotion;

/// <summary>All SQL of the leg; stages are columns of the registry.</summary>
internal sealed class PromotionStore
{
    private const string Columns = "id, model, clause, version, reason, ticket, waived_by, waived_at, expires_at, revoked_by, revoked_at";

    /// <summary>Newest first.</summary>
    public Task<IReadOnlyList<Waiver>> ListWaiversAsync(Session sql, string project, string model) => sql.QueryAsync<Waiver>(
        $"SELECT {Columns} FROM waivers WHERE project = @project AND model = @model ORDER BY waived_at DESC, id DESC LIMIT 1000", new { project, model });

    public Task InsertWaiverAsync(Change change, Waiver waiver) => change.Sql.ExecuteAsync(
        """
        INSERT INTO waivers (project, id, model, clause, version, reason, ticket, waived_by, waived_at, expires_at)
        VALUES (@Project, @Id, @Model, @Clause, @Version, @Reason, @Ticket, @WaivedBy, @Now, @ExpiresAt)
        """,
        new { change.Project, waiver.Id, waiver.Model, waiver.Clause, waiver.Version, waiver.Reason, waiver.Ticket, waiver.WaivedBy, change.Now, waiver.ExpiresAt });

    public Task RevokeWaiverAsync(Change change, string id) => change.Sql.ExecuteAsync(
        "UPDATE waivers SET revoked_by = @by, revoked_at = @Now WHERE project = @Project AND id = @id",
        new { change.Project, id, by = change.Caller.Actor.Name, change.Now });
}
