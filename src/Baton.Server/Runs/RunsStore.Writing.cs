using Baton.Server.Platform.Ledger;

namespace Baton.Server.Runs;

internal sealed partial class RunsStore
{
    public async Task InsertExperimentAsync(Change change, Experiment experiment)
    {
        await change.Sql.ExecuteAsync(
            """
            INSERT INTO experiments (project, experiment_id, name, artifact_location, lifecycle_stage, created_at, updated_at)
            VALUES (@Project, @ExperimentId, @Name, @ArtifactLocation, 'active', @Now, @Now)
            """,
            new { change.Project, experiment.ExperimentId, experiment.Name, experiment.ArtifactLocation, change.Now });
        foreach (var (key, value) in experiment.Tags)
            await change.Sql.ExecuteAsync(
                "INSERT INTO experiment_tags (project, experiment_id, key, value) VALUES (@Project, @ExperimentId, @key, @value)",
                new { change.Project, experiment.ExperimentId, key, value });
    }

    /// <summary>Makes the project's experiment 0 where it is not there yet; two at once make one.</summary>
    public Task EnsureDefaultExperimentAsync(Change change) => change.Sql.ExecuteAsync(
        """
        INSERT INTO experiments (project, experiment_id, name, artifact_location, lifecycle_stage, created_at, updated_at)
        VALUES (@Project, 0, 'Default', 'mlflow-artifacts:/0', 'active', @Now, @Now) ON CONFLICT DO NOTHING
        """,
        new { change.Project, change.Now });

    public async Task InsertRunAsync(Change change, Run run)
    {
        await change.Sql.ExecuteAsync(
            """
            INSERT INTO runs (project, run_id, experiment_id, name, user_id, status, started_at, artifact_uri, lifecycle_stage)
            VALUES (@Project, @RunId, @ExperimentId, @Name, @UserId, @Status, @StartedAt, @ArtifactUri, 'active')
            """,
            new { change.Project, run.RunId, run.ExperimentId, run.Name, run.UserId, run.Status, run.StartedAt, run.ArtifactUri });
        foreach (var (key, value) in run.Tags)
            await SetTagAsync(change, run.RunId, key, value);
    }

    public Task UpdateRunAsync(Change change, string runId, string? status, long? endedAt, string? name) => change.Sql.ExecuteAsync(
        """
        UPDATE runs SET status = COALESCE(@status, status), ended_at = COALESCE(@endedAt, ended_at), name = COALESCE(@name, name)
        WHERE project = @Project AND run_id = @runId
        """,
        new { change.Project, runId, status, endedAt, name });

    public Task SetTagAsync(Change change, string runId, string key, string value) => change.Sql.ExecuteAsync(
        """
        INSERT INTO run_tags (project, run_id, key, value) VALUES (@Project, @runId, @key, @value)
        ON CONFLICT (project, run_id, key) DO UPDATE SET value = excluded.value
        """,
        new { change.Project, runId, key, value });

    /// <summary>Writes a param once. The value that stands already, where it is another.</summary>
    public async Task<string?> SetParamAsync(Change change, string runId, string key, string value)
    {
        var args = new { change.Project, runId, key, value };
        var written = await change.Sql.ExecuteAsync(
            "INSERT INTO run_params (project, run_id, key, value) VALUES (@Project, @runId, @key, @value) ON CONFLICT DO NOTHING", args);
        if (written == 1)
            return null;
        var stands = await change.Sql.ScalarAsync<string>("SELECT value FROM run_params WHERE project = @Project AND run_id = @runId AND key = @key", args);
        return stands == value ? null : stands;
    }

    /// <summary>Adds a point; the same point again is no change. The latest is the greatest by (step, time, value).</summary>
    public async Task AddMetricAsync(Change change, string runId, MetricPoint point)
    {
        var args = new { change.Project, runId, point.Key, point.At, point.Step, point.Value, point.IsNan };
        await change.Sql.ExecuteAsync(
            """
            INSERT INTO metrics (project, run_id, key, at, step, value, is_nan) VALUES (@Project, @runId, @Key, @At, @Step, @Value, @IsNan)
            ON CONFLICT DO NOTHING
            """,
            args);
        await change.Sql.ExecuteAsync(
            """
            INSERT INTO latest_metrics (project, run_id, key, at, step, value, is_nan) VALUES (@Project, @runId, @Key, @At, @Step, @Value, @IsNan)
            ON CONFLICT (project, run_id, key) DO UPDATE SET at = excluded.at, step = excluded.step, value = excluded.value, is_nan = excluded.is_nan
            WHERE (excluded.step, excluded.at, excluded.value) > (latest_metrics.step, latest_metrics.at, latest_metrics.value)
            """,
            args);
    }

    /// <summary>Links a dataset to a run, once; what was logged first of a dataset stays.</summary>
    public async Task AddInputAsync(Change change, Run run, DatasetInput input)
    {
        var args = new
        {
            change.Project,
            run.RunId,
            run.ExperimentId,
            input.Name,
            input.Digest,
            input.SourceType,
            input.Source,
            input.SchemaJson,
            input.Profile,
        };
        await change.Sql.ExecuteAsync(
            """
            INSERT INTO datasets (project, experiment_id, name, digest, source_type, source, schema_json, profile)
            VALUES (@Project, @ExperimentId, @Name, @Digest, @SourceType, @Source, @SchemaJson, @Profile) ON CONFLICT DO NOTHING
            """,
            args);
        var linked = await change.Sql.ExecuteAsync(
            """
            INSERT INTO run_inputs (project, run_id, experiment_id, name, digest, position)
            VALUES (@Project, @RunId, @ExperimentId, @Name, @Digest, (SELECT COUNT(*) FROM run_inputs WHERE project = @Project AND run_id = @RunId))
            ON CONFLICT DO NOTHING
            """,
            args);
        if (linked == 0)
            return;
        foreach (var (key, value) in input.Tags)
            await change.Sql.ExecuteAsync(
                "INSERT INTO run_input_tags (project, run_id, name, digest, key, value) VALUES (@Project, @RunId, @Name, @Digest, @key, @value)",
                new { change.Project, run.RunId, input.Name, input.Digest, key, value });
    }
}
