using Baton.Database;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Runs.LoggedModels;

/// <content>What is taken in from other tracking servers.</content>
internal sealed partial class LoggedModelsStore
{
    /// <summary>Writes a model's own row, params, tags and points; what is there of them takes the values given. Its artifact URI stays what it was first.</summary>
    public async Task AdoptAsync(Change change, LoggedModel model)
    {
        await change.Sql.ExecuteAsync(
            """
            INSERT INTO logged_models
                (project, model_id, experiment_id, name, model_type, source_run_id, status, artifact_uri, lifecycle_stage, created_at, updated_at, deleted_at)
            VALUES (@Project, @ModelId, @ExperimentId, @Name, @ModelType, @SourceRunId, @status, @ArtifactUri, @LifecycleStage, @CreatedAt, @UpdatedAt, @deletedAt)
            ON CONFLICT (project, model_id) DO UPDATE SET name = excluded.name, model_type = excluded.model_type, source_run_id = excluded.source_run_id,
                status = excluded.status, lifecycle_stage = excluded.lifecycle_stage, updated_at = excluded.updated_at, deleted_at = excluded.deleted_at
            """,
            new
            {
                change.Project,
                model.ModelId,
                model.ExperimentId,
                model.Name,
                model.ModelType,
                model.SourceRunId,
                status = (long)model.Status,
                model.ArtifactUri,
                model.LifecycleStage,
                model.CreatedAt,
                model.UpdatedAt,
                deletedAt = model.LifecycleStage == "active" ? (long?)null : model.UpdatedAt,
            });
        foreach (var (key, value) in model.Params)
            await change.Sql.ExecuteAsync(
                """
                INSERT INTO logged_model_params (project, model_id, key, value) VALUES (@Project, @ModelId, @key, @value)
                ON CONFLICT (project, model_id, key) DO UPDATE SET value = excluded.value
                """,
                new { change.Project, model.ModelId, key, value });
        foreach (var (key, value) in model.Tags)
            await SetTagAsync(change, model.ModelId, key, value);
        if (model.Metrics.Count == 0)
            return;
        await change.Sql.ExecuteRowsAsync(
            """
            INSERT INTO logged_model_metrics (project, model_id, key, at, step, run_id, value, is_nan, dataset_name, dataset_digest) {rows}
            ON CONFLICT DO NOTHING
            """,
            RowColumn.OfAll(change.Project),
            RowColumn.OfAll(model.ModelId),
            RowColumn.Of([.. model.Metrics.Select(m => (string?)m.Key)]),
            RowColumn.Of([.. model.Metrics.Select(m => m.At)]),
            RowColumn.Of([.. model.Metrics.Select(m => m.Step)]),
            RowColumn.Of([.. model.Metrics.Select(m => (string?)m.RunId)]),
            RowColumn.Of([.. model.Metrics.Select(m => m.Value)]),
            RowColumn.Of([.. model.Metrics.Select(m => m.IsNan)]),
            RowColumn.Of([.. model.Metrics.Select(m => m.DatasetName)]),
            RowColumn.Of([.. model.Metrics.Select(m => m.DatasetDigest)]));
    }
}
