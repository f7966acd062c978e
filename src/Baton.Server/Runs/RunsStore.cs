using Baton.Database;

namespace Baton.Server.Runs;

/// <summary>All SQL of the leg that reads runs and experiments; writing is in <c>RunsStore.Writing.cs</c>.</summary>
internal sealed partial class RunsStore
{
    private const string ExperimentColumns = "experiment_id, name, artifact_location, lifecycle_stage, created_at, updated_at";
    private const string RunColumns = "run_id, experiment_id, name, user_id, status, started_at, ended_at, artifact_uri, lifecycle_stage";

    public async Task<Experiment?> FindExperimentAsync(Session sql, string project, long id) => await WithTagsAsync(sql, project,
        await sql.FirstOrDefaultAsync<Experiment>(
            $"SELECT {ExperimentColumns} FROM experiments WHERE project = @project AND experiment_id = @id",
            new { project, id }));

    public async Task<Experiment?> FindExperimentAsync(Session sql, string project, string name) => await WithTagsAsync(sql, project,
        await sql.FirstOrDefaultAsync<Experiment>(
            $"SELECT {ExperimentColumns} FROM experiments WHERE project = @project AND name = @name",
            new { project, name }));

    public Task<IReadOnlyList<Experiment>> ListExperimentsAsync(Session sql, string project) => sql.QueryAsync<Experiment>(
        $"SELECT {ExperimentColumns} FROM experiments WHERE project = @project AND lifecycle_stage = 'active' ORDER BY created_at DESC, experiment_id",
        new { project });

    /// <summary>The run's own row, without what was logged to it.</summary>
    public Task<Run?> FindRunAsync(Session sql, string project, string runId) => sql.FirstOrDefaultAsync<Run>(
        $"SELECT {RunColumns} FROM runs WHERE project = @project AND run_id = @runId",
        new { project, runId });

    public async Task<Run?> LoadRunAsync(Session sql, string project, string runId) =>
        await FindRunAsync(sql, project, runId) is { } run ? await WithLogsAsync(sql, project, run) : null;

    /// <summary>Newest first, with what was logged to them.</summary>
    public async Task<IReadOnlyList<Run>> ListRunsAsync(Session sql, string project, long? experimentId, int limit)
    {
        var runs = await sql.QueryAsync<Run>(
            $"""
            SELECT {RunColumns} FROM runs
            WHERE project = @project AND lifecycle_stage = 'active' AND (@experimentId IS NULL OR experiment_id = @experimentId)
            ORDER BY started_at DESC, run_id DESC LIMIT @limit
            """,
            new { project, experimentId, limit });
        var loaded = new List<Run>(runs.Count);
        foreach (var run in runs)
            loaded.Add(await WithLogsAsync(sql, project, run));
        return loaded;
    }

    public Task<IReadOnlyList<MetricPoint>> HistoryAsync(Session sql, string project, string runId, string key, long limit) => sql.QueryAsync<MetricPoint>(
        """
        SELECT key, value, is_nan, at, step FROM metrics
        WHERE project = @project AND run_id = @runId AND key = @key ORDER BY at, step, value LIMIT @limit
        """,
        new { project, runId, key, limit });

    private static async Task<Experiment?> WithTagsAsync(Session sql, string project, Experiment? experiment) => experiment is null ? null : experiment with
    {
        Tags = await PairsAsync(
            sql,
            "SELECT key, value FROM experiment_tags WHERE project = @project AND experiment_id = @ExperimentId",
            new { project, experiment.ExperimentId }),
    };

    private static async Task<Run> WithLogsAsync(Session sql, string project, Run run)
    {
        var of = new { project, run.RunId };
        var inputs = await sql.QueryAsync<DatasetInput>(
            """
            SELECT d.name, d.digest, d.source_type, d.source, d.schema_json, d.profile FROM run_inputs i
            JOIN datasets d ON d.project = i.project AND d.experiment_id = i.experiment_id AND d.name = i.name AND d.digest = i.digest
            WHERE i.project = @project AND i.run_id = @RunId ORDER BY i.position
            """,
            of);
        var inputTags = await sql.QueryAsync<InputTag>(
            "SELECT name, digest, key, value FROM run_input_tags WHERE project = @project AND run_id = @RunId", of);
        return run with
        {
            Params = await PairsAsync(sql, "SELECT key, value FROM run_params WHERE project = @project AND run_id = @RunId", of),
            Tags = await PairsAsync(sql, "SELECT key, value FROM run_tags WHERE project = @project AND run_id = @RunId", of),
            Metrics = await sql.QueryAsync<MetricPoint>(
                "SELECT key, value, is_nan, at, step FROM latest_metrics WHERE project = @project AND run_id = @RunId ORDER BY key", of),
            Inputs =
            [
                .. inputs.Select(i => i with
                {
                    Tags = inputTags.Where(t => t.Name == i.Name && t.Digest == i.Digest).ToDictionary(t => t.Key, t => t.Value),
                }),
            ],
        };
    }

    private static async Task<IReadOnlyDictionary<string, string>> PairsAsync(Session sql, string text, object args) =>
        (await sql.QueryAsync<Pair>(text, args)).ToDictionary(p => p.Key, p => p.Value);

    private sealed record Pair
    {
        public string Key { get; init; } = "";

        public string Value { get; init; } = "";
    }

    private sealed record InputTag
    {
        public string Name { get; init; } = "";

        public string Digest { get; init; } = "";

        public string Key { get; init; } = "";

        public string Value { get; init; } = "";
    }
}
