using Baton.Database;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Runs;

/// <summary>SQL of what is taken in from other tracking servers: it keeps their ids, times and stages, and may come again.</summary>
internal sealed partial class RunsStore
{
    /// <summary>False where somebody took the id or the name meanwhile.</summary>
    public async Task<bool> AdoptExperimentAsync(Change change, Experiment experiment) => await change.Sql.ExecuteAsync(
        """
        INSERT INTO experiments (project, experiment_id, name, artifact_location, lifecycle_stage, created_at, updated_at)
        VALUES (@Project, @ExperimentId, @Name, @ArtifactLocation, @LifecycleStage, @CreatedAt, @UpdatedAt) ON CONFLICT DO NOTHING
        """,
        new
        {
            change.Project,
            experiment.ExperimentId,
            experiment.Name,
            experiment.ArtifactLocation,
            experiment.LifecycleStage,
            experiment.CreatedAt,
            experiment.UpdatedAt,
        }) == 1;

    /// <summary>Makes the counter of experiments at least a number.</summary>
    public Task CountExperimentsFromAsync(Change change, long number) => change.Sql.ExecuteAsync(
        """
        INSERT INTO counters (project, name, value) VALUES (@Project, 'experiments', @number)
        ON CONFLICT (project, name) DO UPDATE SET value = CASE WHEN counters.value < excluded.value THEN excluded.value ELSE counters.value END
        """,
        new { change.Project, number });

    /// <summary>Writes the run's own row, its params and tags; what is there of them takes the values given.</summary>
    public async Task AdoptRunAsync(Change change, Run run, long? deletedAt)
    {
        var runNo = 0L;
        await change.Sql.ReadPreparedAsync(
            """
            INSERT INTO runs (project, run_id, experiment_id, name, user_id, status, started_at, ended_at, deleted_at, artifact_uri, lifecycle_stage)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            ON CONFLICT (project, run_id) DO UPDATE SET name = excluded.name, user_id = excluded.user_id, status = excluded.status,
                started_at = excluded.started_at, ended_at = excluded.ended_at, deleted_at = excluded.deleted_at, lifecycle_stage = excluded.lifecycle_stage
            WHERE runs.lifecycle_stage <> 'purging' RETURNING run_no
            """,
            row => runNo = row.Integer(0),
            change.Project, run.RunId, run.ExperimentId, run.Name, run.UserId, run.Status, run.StartedAt, run.EndedAt,
            run.IsActive ? null : deletedAt ?? change.Now, run.ArtifactUri, run.LifecycleStage);
        if (runNo == 0)
            throw new Refusal(ProblemCode.Conflict, $"The run {run.RunId} is being removed for good by baton gc; import it again when that has ended.");
        var known = keys.Of(change.Project);
        await SetTagsAsync(change, runNo, [.. run.Tags.Select(tag => new LogPair(known.Of(tag.Key), tag.Value))]);
        if (run.Params.Count == 0)
            return;
        await change.Sql.ExecuteRowsAsync(
            "INSERT INTO run_params (run_no, key_no, value) {rows} ON CONFLICT (run_no, key_no) DO UPDATE SET value = excluded.value",
            RowColumn.OfAll(runNo),
            RowColumn.Of(await NumbersAsync(change, [.. run.Params.Keys.Select(known.Of)])),
            RowColumn.Of([.. run.Params.Values.Select(value => (string?)value)]));
    }
}
