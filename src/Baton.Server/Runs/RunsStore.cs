using Baton.Database;

namespace Baton.Server.Runs;

/// <summary>All SQL of the leg on runs and experiments. This part reads; logging is in <c>RunsStore.Logging.cs</c>, the rest of writing in <c>RunsStore.Writing.cs</c>.</summary>
internal sealed partial class RunsStore(LogKeys keys, RunLinksStore links, ArrivalCount arrivals, ServerOptions options)
{
    /// <summary>The columns of a run's row as <see cref="RunOf"/> reads them.</summary>
    public const string RunColumns = "run_no, run_id, experiment_id, name, user_id, status, started_at, ended_at, artifact_uri, lifecycle_stage";

    /// <summary>The columns of an experiment's row.</summary>
    public const string ExperimentColumns = "experiment_id, name, artifact_location, lifecycle_stage, created_at, updated_at";

    public Task<Experiment?> FindExperimentAsync(Session sql, string project, long id) => FindExperimentAsync(sql, project, "experiment_id", id);

    public Task<Experiment?> FindExperimentAsync(Session sql, string project, string name) => FindExperimentAsync(sql, project, "name", name);

    /// <summary>The artifact location of an experiment that a URI names, or lies below; the innermost, or null where there is none.</summary>
    public Task<string?> FindLocationAboveAsync(Session sql, string project, string uri) => sql.FirstOrDefaultAsync<string>(
        """
        SELECT artifact_location FROM experiments
        WHERE project = @project AND lifecycle_stage = 'active'
            AND (artifact_location = @uri OR SUBSTR(@uri, 1, LENGTH(artifact_location) + 1) = artifact_location || '/')
        ORDER BY LENGTH(artifact_location) DESC LIMIT 1
        """,
        new { project, uri });

    public Task<IReadOnlyList<Experiment>> ListExperimentsAsync(Session sql, string project) => sql.QueryAsync<Experiment>(
        $"SELECT {ExperimentColumns} FROM experiments WHERE project = @project AND lifecycle_stage = 'active' ORDER BY created_at DESC, experiment_id",
        new { project });

    /// <summary>Fills the tags of experiments, whatever their number, with one statement.</summary>
    public async Task<IReadOnlyList<Experiment>> LoadExperimentsAsync(Session sql, string project, IReadOnlyList<Experiment> experiments)
    {
        if (experiments.Count == 0)
            return experiments;
        var tags = new Dictionary<long, Dictionary<string, string>>();
        await sql.ReadPreparedAsync(
            $"SELECT experiment_id, key, value FROM experiment_tags WHERE project = $1 AND {sql.Dialect.Among("experiment_id", "$2")}",
            row => PairsOf(tags, row.Integer(0))[row.Text(1)] = row.Text(2),
            project,
            experiments.Select(e => e.ExperimentId).ToArray());
        return [.. experiments.Select(e => tags.TryGetValue(e.ExperimentId, out var own) ? e with { Tags = own } : e)];
    }

    /// <summary>The run's own row, without what was logged to it.</summary>
    public Task<Run?> FindRunAsync(Session sql, string project, string runId) => FindRunAsync(sql, project, runId, "");

    public async Task<Run?> LoadRunAsync(Session sql, string project, string runId) =>
        await FindRunAsync(sql, project, runId) is { } run ? (await LoadRunsAsync(sql, project, [run]))[0] : null;

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
        return await LoadRunsAsync(sql, project, runs);
    }

    /// <summary>A row of <see cref="RunColumns"/>.</summary>
    public static Run RunOf(IRow row) => new()
    {
        RunNo = row.Integer(0),
        RunId = row.Text(1),
        ExperimentId = row.Integer(2),
        Name = row.Text(3),
        UserId = row.Text(4),
        Status = row.Text(5),
        StartedAt = row.Integer(6),
        EndedAt = row.IntegerOrNull(7),
        ArtifactUri = row.Text(8),
        LifecycleStage = row.Text(9),
    };

    private static async Task<Run?> FindRunAsync(Session sql, string project, string runId, string locking)
    {
        Run? found = null;
        await sql.ReadPreparedAsync($"SELECT {RunColumns} FROM runs WHERE project = $1 AND run_id = $2{locking}", row => found = RunOf(row), project, runId);
        return found;
    }

    private async Task<Experiment?> FindExperimentAsync(Session sql, string project, string column, object value) =>
        await FindExperimentRowAsync(sql, project, column, value, "") is { } found ? (await LoadExperimentsAsync(sql, project, [found]))[0] : null;

    private static async Task<Experiment?> FindExperimentRowAsync(Session sql, string project, string column, object value, string locking)
    {
        Experiment? found = null;
        await sql.ReadPreparedAsync(
            $"SELECT {ExperimentColumns} FROM experiments WHERE project = $1 AND {column} = $2{locking}",
            row => found = new Experiment
            {
                ExperimentId = row.Integer(0),
                Name = row.Text(1),
                ArtifactLocation = row.Text(2),
                LifecycleStage = row.Text(3),
                CreatedAt = row.Integer(4),
                UpdatedAt = row.Integer(5),
            },
            project,
            value);
        return found;
    }

    private static Dictionary<string, string> PairsOf(Dictionary<long, Dictionary<string, string>> all, long owner)
    {
        if (!all.TryGetValue(owner, out var pairs))
            all[owner] = pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        return pairs;
    }
}
