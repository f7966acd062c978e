using System.Text.Json;
using Baton.Database;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Predictions;

internal sealed partial class PredictionsStore
{
    private const string LabelColumns = "prediction_id, revision, value, known_at, received_at";

    /// <summary>The endpoint's labels that are not sealed.</summary>
    public Task<IReadOnlyList<Label>> UnsealedAsync(Session sql, string project, string endpoint) => sql.QueryAsync<Label>(
        $"SELECT {LabelColumns} FROM labels WHERE project = @project AND endpoint = @endpoint", new { project, endpoint });

    /// <summary>Those of one prediction.</summary>
    public Task<IReadOnlyList<Label>> UnsealedAsync(Session sql, string project, string endpoint, string predictionId) => sql.QueryAsync<Label>(
        $"SELECT {LabelColumns} FROM labels WHERE project = @project AND endpoint = @endpoint AND prediction_id = @predictionId",
        new { project, endpoint, predictionId });

    /// <summary>Adds labels, leaving those alone whose (prediction, revision) is there already. The number added.</summary>
    public Task<int> AddLabelsAsync(Change change, string endpoint, IReadOnlyList<Label> labels) => change.Sql.ExecuteAsync(
        $"""
        INSERT INTO labels (project, endpoint, prediction_id, revision, value, known_at, received_at)
        SELECT @Project, @endpoint, l.value ->> 0, CAST(l.value ->> 1 AS BIGINT), l.value ->> 2, CAST(l.value ->> 3 AS BIGINT), CAST(l.value ->> 4 AS BIGINT)
        FROM {Rows(change.Sql)} WHERE TRUE ON CONFLICT DO NOTHING
        """,
        new { change.Project, endpoint, rows = Json(labels) });

    /// <summary>Labels that stand with another value than one given for the same (prediction, revision); the first few.</summary>
    public Task<IReadOnlyList<Label>> ConflictingAsync(Change change, string endpoint, IReadOnlyList<Label> labels) => change.Sql.QueryAsync<Label>(
        $"""
        SELECT s.prediction_id, s.revision, s.value, s.known_at, s.received_at
        FROM {Rows(change.Sql)} CROSS JOIN labels s
        WHERE s.project = @Project AND s.endpoint = @endpoint AND s.prediction_id = l.value ->> 0 AND s.revision = CAST(l.value ->> 1 AS BIGINT)
            AND s.value <> l.value ->> 2 LIMIT 10
        """,
        new { change.Project, endpoint, rows = Json(labels) });

    /// <summary>Endpoints with more than <paramref name="most"/> labels waiting, or one that waits since before a time, or a batch begun; over all projects.</summary>
    public Task<IReadOnlyList<LogFile>> WaitingAsync(Session sql, int most, long before) => sql.QueryAsync<LogFile>(
        """
        SELECT project, endpoint FROM labels GROUP BY project, endpoint
        HAVING COUNT(*) > @most OR MIN(received_at) < @before OR COUNT(batch) > 0
        """,
        new { most, before });

    /// <summary>Puts every waiting label of an endpoint into a batch, unless one is begun. The batch to seal; null where there is none.</summary>
    public async Task<string?> BeginBatchAsync(Change change, string endpoint, string batch)
    {
        var args = new { change.Project, endpoint, batch };
        var begun = await change.Sql.FirstOrDefaultAsync<string>(
            "SELECT MIN(batch) FROM labels WHERE project = @Project AND endpoint = @endpoint AND batch IS NOT NULL", args);
        if (begun is not null)
            return begun;
        return await change.Sql.ExecuteAsync(
            "UPDATE labels SET batch = @batch WHERE project = @Project AND endpoint = @endpoint AND batch IS NULL", args) > 0
            ? batch
            : null;
    }

    /// <summary>A batch in the order in which it is written, so that sealing it again gives the same bytes.</summary>
    public Task<IReadOnlyList<Label>> BatchAsync(Session sql, string project, string endpoint, string batch) => sql.QueryAsync<Label>(
        $"""
        SELECT {LabelColumns} FROM labels WHERE project = @project AND endpoint = @endpoint AND batch = @batch ORDER BY prediction_id, revision
        """,
        new { project, endpoint, batch });

    /// <summary>Removes a batch, whose labels are sealed now. The number removed.</summary>
    public Task<int> EndBatchAsync(Change change, string endpoint, string batch) => change.Sql.ExecuteAsync(
        "DELETE FROM labels WHERE project = @Project AND endpoint = @endpoint AND batch = @batch", new { change.Project, endpoint, batch });

    // Labels travel as one JSON parameter, which both engines take apart themselves: a statement for each would cost a round trip for each.
    private static string Rows(Session sql) => sql.Dialect.Engine is Engine.Postgres ? "json_array_elements(CAST(@rows AS json)) AS l(value)" : "json_each(@rows) AS l";

    private static string Json(IReadOnlyList<Label> labels) => JsonSerializer.Serialize(
        labels.Select(l => new object[] { l.PredictionId, l.Revision, l.Value, l.KnownAt, l.ReceivedAt }));
}
