using Baton.Database;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Predictions;

internal sealed partial class PredictionsStore
{
    public Task InsertReplayAsync(Change change, ReplayRecord replay) => change.Sql.ExecuteAsync(
        """
        INSERT INTO replays (project, id, endpoint, prediction_id, model, version, package_digest, inputs, job_id, state, asked_at)
        VALUES (@Project, @Id, @Endpoint, @PredictionId, @Model, @Version, @PackageDigest, @Inputs, @JobId, 'queued', @Now)
        """,
        new { change.Project, replay.Id, replay.Endpoint, replay.PredictionId, replay.Model, replay.Version, replay.PackageDigest, replay.Inputs, replay.JobId, change.Now });

    public Task<ReplayRecord?> FindReplayAsync(Session sql, string project, string id) => sql.FirstOrDefaultAsync<ReplayRecord>(
        """
        SELECT id, endpoint, prediction_id, model, version, package_digest, inputs, job_id, state, result, reason FROM replays
        WHERE project = @project AND id = @id
        """,
        new { project, id });

    public Task EndReplayAsync(Change change, string id, string state, string? result, string? reason) => change.Sql.ExecuteAsync(
        "UPDATE replays SET state = @state, result = @result, reason = @reason, finished_at = @Now WHERE project = @Project AND id = @id",
        new { change.Project, id, state, result, reason, change.Now });
}

/// <summary>One prediction to run again through a version.</summary>
internal sealed record ReplayRecord
{
    public string Id { get; init; } = "";

    public string Endpoint { get; init; } = "";

    public string PredictionId { get; init; } = "";

    public string Model { get; init; } = "";

    public long Version { get; init; }

    public string PackageDigest { get; init; } = "";

    /// <summary>JSON object: name to value.</summary>
    public string Inputs { get; init; } = "{}";

    public string JobId { get; init; } = "";

    /// <summary><c>queued</c>, <c>finished</c>, <c>failed</c> or <c>cancelled</c>.</summary>
    public string State { get; init; } = "queued";

    /// <summary>A <see cref="Contracts.ReplayResult"/>.</summary>
    public string? Result { get; init; }

    public string? Reason { get; init; }
}
