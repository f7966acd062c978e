using Baton.Server.Platform.Ledger;

namespace Baton.Server.Runs;

internal sealed partial class RunsStore
{
    public async Task InsertExperimentAsync(Change change, Experiment experiment)
    {
        await change.Sql.ExecutePreparedAsync(
            """
            INSERT INTO experiments (project, experiment_id, name, artifact_location, lifecycle_stage, created_at, updated_at)
            VALUES ($1, $2, $3, $4, 'active', $5, $5)
            """,
            change.Project, experiment.ExperimentId, experiment.Name, experiment.ArtifactLocation, change.Now);
        foreach (var (key, value) in experiment.Tags)
            await SetExperimentTagAsync(change, experiment.ExperimentId, key, value);
    }

    /// <summary>Makes the project's experiment 0 where it is not there yet; two at once make one.</summary>
    public Task EnsureDefaultExperimentAsync(Change change) => change.Sql.ExecutePreparedAsync(
        """
        INSERT INTO experiments (project, experiment_id, name, artifact_location, lifecycle_stage, created_at, updated_at)
        VALUES ($1, 0, 'Default', $2, 'active', $3, $3) ON CONFLICT DO NOTHING
        """,
        change.Project, ArtifactLocation.Below(options.DefaultArtifactRoot, "0"), change.Now);

    /// <summary>An experiment's row, without tags, held until the write ends: nobody else changes it or begins a run in it meanwhile.</summary>
    public Task<Experiment?> HoldExperimentAsync(Change change, long id) =>
        FindExperimentRowAsync(change.Sql, change.Project, "experiment_id", id, change.Sql.Dialect.ForUpdate);

    /// <summary>An experiment's row, without tags, that stays as it is until the write ends; others may begin runs in it too.</summary>
    public Task<Experiment?> ShareExperimentAsync(Change change, long id) =>
        FindExperimentRowAsync(change.Sql, change.Project, "experiment_id", id, change.Sql.Dialect.ForShare);

    public Task RenameExperimentAsync(Change change, long id, string name) => change.Sql.ExecuteAsync(
        "UPDATE experiments SET name = @name, updated_at = @Now WHERE project = @Project AND experiment_id = @id", new { change.Project, change.Now, id, name });

    /// <summary>Deletes or restores an experiment with all its runs.</summary>
    public async Task SetExperimentStageAsync(Change change, long id, string stage)
    {
        var args = new { change.Project, change.Now, id, stage, deletedAt = stage == "deleted" ? change.Now : (long?)null };
        await change.Sql.ExecuteAsync("UPDATE experiments SET lifecycle_stage = @stage, updated_at = @Now WHERE project = @Project AND experiment_id = @id", args);
        await change.Sql.ExecuteAsync(
            "UPDATE runs SET lifecycle_stage = @stage, deleted_at = @deletedAt WHERE project = @Project AND experiment_id = @id AND lifecycle_stage NOT IN (@stage, 'purging')", args);
    }

    public Task SetExperimentTagAsync(Change change, long id, string key, string value) => change.Sql.ExecutePreparedAsync(
        """
        INSERT INTO experiment_tags (project, experiment_id, key, value) VALUES ($1, $2, $3, $4)
        ON CONFLICT (project, experiment_id, key) DO UPDATE SET value = excluded.value
        """,
        change.Project, id, key, value);

    /// <summary>Removes a tag; false where there is none.</summary>
    public async Task<bool> DeleteExperimentTagAsync(Change change, long id, string key) => await change.Sql.ExecutePreparedAsync(
        "DELETE FROM experiment_tags WHERE project = $1 AND experiment_id = $2 AND key = $3", change.Project, id, key) > 0;

    /// <summary>Inserts a run with its first tags. The run with its number.</summary>
    public async Task<Run> InsertRunAsync(Change change, Run run)
    {
        var runNo = 0L;
        await change.Sql.ReadPreparedAsync(
            """
            INSERT INTO runs (project, run_id, experiment_id, name, user_id, status, started_at, artifact_uri, lifecycle_stage)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'active') RETURNING run_no
            """,
            row => runNo = row.Integer(0),
            change.Project, run.RunId, run.ExperimentId, run.Name, run.UserId, run.Status, run.StartedAt, run.ArtifactUri);
        await SetTagsAsync(change, runNo, [.. run.Tags.Select(tag => new LogPair(keys.Of(change.Project).Of(tag.Key), tag.Value))]);
        return run with { RunNo = runNo };
    }

    /// <summary>A run's row, held until the write ends.</summary>
    public Task<Run?> HoldRunAsync(Change change, string runId) => FindRunAsync(change.Sql, change.Project, runId, change.Sql.Dialect.ForUpdate);

    /// <summary>A run that may be written to, held until the write ends; refused where it is deleted or does not exist.</summary>
    public async Task<Run> ActiveRunAsync(Change change, string runId)
    {
        var run = await HoldRunAsync(change, runId) ?? throw RunsErrors.NoRun(runId);
        return run.IsActive ? run : throw RunsErrors.RunDeleted(runId);
    }

    public Task UpdateRunAsync(Change change, long runNo, string? status, long? endedAt, string? name) => change.Sql.ExecutePreparedAsync(
        "UPDATE runs SET status = COALESCE($1, status), ended_at = COALESCE($2, ended_at), name = COALESCE($3, name) WHERE run_no = $4",
        status, endedAt, name, runNo);

    /// <summary>Deletes or restores a run.</summary>
    public Task SetRunStageAsync(Change change, long runNo, string stage) => change.Sql.ExecutePreparedAsync(
        "UPDATE runs SET lifecycle_stage = $1, deleted_at = $2 WHERE run_no = $3", stage, stage == "deleted" ? change.Now : null, runNo);
}
