using Baton.Database;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Runs;

/// <summary>All SQL of what runs read and made: datasets, and logged models in both directions.</summary>
internal sealed class RunLinksStore
{
    /// <summary>Links a dataset to a run, once; what was logged first of a dataset, and of its reading, stays.</summary>
    public async Task AddDatasetAsync(Change change, Run run, DatasetInput input)
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
            VALUES (@Project, @RunId, @ExperimentId, @Name, @Digest,
                (SELECT COALESCE(MAX(position), -1) + 1 FROM run_inputs WHERE project = @Project AND run_id = @RunId))
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

    /// <summary>Links a logged model that a run read, once.</summary>
    public Task AddModelInputAsync(Change change, string runId, string modelId) => change.Sql.ExecuteAsync(
        """
        INSERT INTO run_model_inputs (project, run_id, model_id, position)
        VALUES (@Project, @runId, @modelId,
            (SELECT COALESCE(MAX(position), -1) + 1 FROM run_model_inputs WHERE project = @Project AND run_id = @runId))
        ON CONFLICT DO NOTHING
        """,
        new { change.Project, runId, modelId });

    /// <summary>Links a logged model that a run made; again is another link.</summary>
    public Task AddModelOutputAsync(Change change, string runId, ModelOutput output) => change.Sql.ExecuteAsync(
        """
        INSERT INTO run_model_outputs (project, run_id, position, model_id, step)
        VALUES (@Project, @runId,
            (SELECT COALESCE(MAX(position), -1) + 1 FROM run_model_outputs WHERE project = @Project AND run_id = @runId), @ModelId, @Step)
        """,
        new { change.Project, runId, output.ModelId, output.Step });

    /// <summary>The logged models that each run read.</summary>
    public async Task<ILookup<string, ModelInput>> ModelInputsAsync(Session sql, string project, IReadOnlyCollection<string> runIds) =>
        (await sql.QueryAsync<ModelInput>(
            $"SELECT run_id, model_id FROM run_model_inputs WHERE project = @project AND {sql.Dialect.In("run_id", "@runIds")} ORDER BY run_id, position, model_id",
            new { project, runIds })).ToLookup(i => i.RunId);

    /// <summary>The logged models that each run made.</summary>
    public async Task<ILookup<string, ModelOutput>> ModelOutputsAsync(Session sql, string project, IReadOnlyCollection<string> runIds) =>
        (await sql.QueryAsync<ModelOutput>(
            $"SELECT run_id, model_id, step FROM run_model_outputs WHERE project = @project AND {sql.Dialect.In("run_id", "@runIds")} ORDER BY run_id, position",
            new { project, runIds })).ToLookup(o => o.RunId);

    /// <summary>What each run read by way of datasets, in the order of logging.</summary>
    public async Task<ILookup<string, DatasetInput>> DatasetsAsync(Session sql, string project, IReadOnlyCollection<string> runIds)
    {
        var of = new { project, runIds };
        var inputs = await sql.QueryAsync<LinkedDataset>(
            $"""
            SELECT i.run_id, d.name, d.digest, d.source_type, d.source, d.schema_json, d.profile FROM run_inputs i
            JOIN datasets d ON d.project = i.project AND d.experiment_id = i.experiment_id AND d.name = i.name AND d.digest = i.digest
            WHERE i.project = @project AND {sql.Dialect.In("i.run_id", "@runIds")} ORDER BY i.run_id, i.position
            """,
            of);
        if (inputs.Count == 0)
            return inputs.ToLookup(i => i.RunId, i => i.Dataset);
        var tags = (await sql.QueryAsync<InputTag>(
            $"SELECT run_id, name, digest, key, value FROM run_input_tags WHERE project = @project AND {sql.Dialect.In("run_id", "@runIds")}",
            of)).ToLookup(t => (t.RunId, t.Name, t.Digest));
        return inputs.ToLookup(
            i => i.RunId,
            i => i.Dataset with { Tags = tags[(i.RunId, i.Name, i.Digest)].ToDictionary(t => t.Key, t => t.Value) });
    }

    /// <summary>The datasets that active runs of experiments read, each with what for, once: at most <paramref name="limit"/>.</summary>
    public Task<IReadOnlyList<DatasetSummary>> SummariesAsync(Session sql, string project, IReadOnlyCollection<long> experimentIds, int limit) =>
        sql.QueryAsync<DatasetSummary>(
            $"""
            SELECT DISTINCT i.experiment_id, i.name, i.digest, t.value AS context FROM run_inputs i
            JOIN runs r ON r.project = i.project AND r.run_id = i.run_id AND r.lifecycle_stage = 'active'
            LEFT JOIN run_input_tags t ON t.project = i.project AND t.run_id = i.run_id AND t.name = i.name AND t.digest = i.digest AND t.key = '{DatasetInput.ContextTag}'
            WHERE i.project = @project AND {sql.Dialect.In("i.experiment_id", "@experimentIds")}
            ORDER BY i.experiment_id, i.name, i.digest, t.value LIMIT @limit
            """,
            new { project, experimentIds, limit });

    /// <summary>Runs that read a logged model, newest first.</summary>
    public Task<IReadOnlyList<string>> ModelReadersAsync(Session sql, string project, string modelId, int limit) =>
        RunsOfModelAsync(sql, "run_model_inputs", project, modelId, limit);

    /// <summary>Runs that a logged model was an output of, newest first.</summary>
    public Task<IReadOnlyList<string>> ModelMakersAsync(Session sql, string project, string modelId, int limit) =>
        RunsOfModelAsync(sql, "run_model_outputs", project, modelId, limit);

    private static Task<IReadOnlyList<string>> RunsOfModelAsync(Session sql, string table, string project, string modelId, int limit) => sql.QueryAsync<string>(
        $"SELECT DISTINCT run_id FROM {table} WHERE project = @project AND model_id = @modelId ORDER BY run_id DESC LIMIT @limit",
        new { project, modelId, limit });

    private sealed record LinkedDataset
    {
        public string RunId { get; init; } = "";

        public string Name { get; init; } = "";

        public string Digest { get; init; } = "";

        public string SourceType { get; init; } = "";

        public string Source { get; init; } = "";

        public string? SchemaJson { get; init; }

        public string? Profile { get; init; }

        public DatasetInput Dataset => new() { Name = Name, Digest = Digest, SourceType = SourceType, Source = Source, SchemaJson = SchemaJson, Profile = Profile };
    }

    private sealed record InputTag
    {
        public string RunId { get; init; } = "";

        public string Name { get; init; } = "";

        public string Digest { get; init; } = "";

        public string Key { get; init; } = "";

        public string Value { get; init; } = "";
    }
}

/// <summary>A logged model that a run read.</summary>
internal sealed record ModelInput
{
    public string RunId { get; init; } = "";

    public string ModelId { get; init; } = "";
}

/// <summary>A logged model that a run made, at a step.</summary>
internal sealed record ModelOutput
{
    public string RunId { get; init; } = "";

    public string ModelId { get; init; } = "";

    public long Step { get; init; }
}

/// <summary>A dataset of an experiment and what it was used for, where a run said so.</summary>
internal sealed record DatasetSummary
{
    public long ExperimentId { get; init; }

    public string Name { get; init; } = "";

    public string Digest { get; init; } = "";

    public string? Context { get; init; }
}
