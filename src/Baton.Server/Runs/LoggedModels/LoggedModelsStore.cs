using Baton.Database;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Runs.LoggedModels;

/// <summary>All SQL of logged models but their search and the points that log-batch writes.</summary>
internal sealed partial class LoggedModelsStore
{
    /// <summary>The columns of a <see cref="LoggedModel"/>'s own row.</summary>
    public const string Columns =
        "model_id, experiment_id, name, model_type, source_run_id, status, artifact_uri, lifecycle_stage, created_at, updated_at";

    private const int ModelsAtOnce = 10_000;

    /// <summary>The model's own row, deleted or not, without what was logged to it.</summary>
    public Task<LoggedModel?> FindAsync(Session sql, string project, string modelId) => sql.FirstOrDefaultAsync<LoggedModel>(
        $"SELECT {Columns} FROM logged_models WHERE project = @project AND model_id = @modelId",
        new { project, modelId });

    /// <summary>The newest model that a run logged under a name and that is not deleted; its own row.</summary>
    public Task<LoggedModel?> FindOfRunAsync(Session sql, string project, string runId, string name) => sql.FirstOrDefaultAsync<LoggedModel>(
        $"""
        SELECT {Columns} FROM logged_models WHERE project = @project AND source_run_id = @runId AND name = @name AND lifecycle_stage = 'active'
        ORDER BY created_at DESC, model_id DESC LIMIT 1
        """,
        new { project, runId, name });

    /// <summary>The same models in the same order, with their params, tags and metrics.</summary>
    public async Task<IReadOnlyList<LoggedModel>> LoadAsync(Session sql, string project, IReadOnlyList<LoggedModel> models)
    {
        var loaded = new List<LoggedModel>(models.Count);
        foreach (var part in models.Chunk(ModelsAtOnce))
        {
            var of = new { project, ids = part.Select(m => m.ModelId).ToArray() };
            var among = sql.Dialect.In("model_id", "@ids");
            var parameters = await PairsAsync(sql, "logged_model_params", among, of);
            var tags = await PairsAsync(sql, "logged_model_tags", among, of);
            var metrics = (await sql.QueryAsync<LoggedModelMetric>(
                $"""
                SELECT model_id, run_id, key, value, is_nan, at, step, dataset_name, dataset_digest FROM logged_model_metrics
                WHERE project = @project AND {among} ORDER BY model_id, key, at, step, run_id
                """,
                of)).ToLookup(m => m.ModelId);
            loaded.AddRange(part.Select(m => m with
            {
                Params = parameters[m.ModelId].ToDictionary(p => p.Key, p => p.Value),
                Tags = tags[m.ModelId].ToDictionary(t => t.Key, t => t.Value),
                Metrics = [.. metrics[m.ModelId]],
            }));
        }

        return loaded;
    }

    public Task InsertAsync(Change change, LoggedModel model) => change.Sql.ExecuteAsync(
        """
        INSERT INTO logged_models (project, model_id, experiment_id, name, model_type, source_run_id, status, artifact_uri, lifecycle_stage, created_at, updated_at)
        VALUES (@Project, @ModelId, @ExperimentId, @Name, @ModelType, @SourceRunId, @status, @ArtifactUri, 'active', @Now, @Now)
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
            change.Now,
        });

    public Task SetStatusAsync(Change change, string modelId, LoggedModelStatus status) => change.Sql.ExecuteAsync(
        "UPDATE logged_models SET status = @status, updated_at = @Now WHERE project = @Project AND model_id = @modelId",
        new { change.Project, modelId, status = (long)status, change.Now });

    /// <summary>Marks a model deleted; again is no change.</summary>
    public Task<int> DeleteAsync(Change change, string modelId) => change.Sql.ExecuteAsync(
        """
        UPDATE logged_models SET lifecycle_stage = 'deleted', deleted_at = @Now, updated_at = @Now
        WHERE project = @Project AND model_id = @modelId AND lifecycle_stage = 'active'
        """,
        new { change.Project, modelId, change.Now });

    /// <summary>Adds a param. False where the model has one of that key, whatever its value.</summary>
    public async Task<bool> AddParamAsync(Change change, string modelId, string key, string value) => await change.Sql.ExecuteAsync(
        "INSERT INTO logged_model_params (project, model_id, key, value) VALUES (@Project, @modelId, @key, @value) ON CONFLICT DO NOTHING",
        new { change.Project, modelId, key, value }) == 1;

    public Task SetTagAsync(Change change, string modelId, string key, string value) => change.Sql.ExecuteAsync(
        """
        INSERT INTO logged_model_tags (project, model_id, key, value) VALUES (@Project, @modelId, @key, @value)
        ON CONFLICT (project, model_id, key) DO UPDATE SET value = excluded.value
        """,
        new { change.Project, modelId, key, value });

    /// <summary>
    /// A tag's value; null where there is none. The model's row stays locked until commit, so that of two who add to a tag the second sees what
    /// the first added.
    /// </summary>
    public async Task<string?> LockTagAsync(Change change, string modelId, string key)
    {
        var args = new { change.Project, modelId, key };
        await change.Sql.FirstOrDefaultAsync<string>(
            $"SELECT model_id FROM logged_models WHERE project = @Project AND model_id = @modelId{change.Sql.Dialect.ForUpdate}", args);
        return await change.Sql.FirstOrDefaultAsync<string>(
            "SELECT value FROM logged_model_tags WHERE project = @Project AND model_id = @modelId AND key = @key", args);
    }

    /// <summary>Whether there was such a tag.</summary>
    public async Task<bool> DeleteTagAsync(Change change, string modelId, string key) => await change.Sql.ExecuteAsync(
        "DELETE FROM logged_model_tags WHERE project = @Project AND model_id = @modelId AND key = @key",
        new { change.Project, modelId, key }) == 1;

    private static async Task<ILookup<string, Pair>> PairsAsync(Session sql, string table, string among, object of) =>
        (await sql.QueryAsync<Pair>($"SELECT model_id, key, value FROM {table} WHERE project = @project AND {among}", of)).ToLookup(p => p.ModelId);

    private sealed record Pair
    {
        public string ModelId { get; init; } = "";

        public string Key { get; init; } = "";

        public string Value { get; init; } = "";
    }
}
