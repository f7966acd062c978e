using Baton.Database;

namespace Baton.Server.Runs;

/// <content>What lineage asks: runs by what they came of.</content>
internal sealed partial class RunsStore
{
    public const string CommitTag = "mlflow.source.git.commit";
    public const string ParentTag = "mlflow.parentRunId";

    // Each of a run's tags that lineage speaks of, as a column.
    private static readonly (string Column, string Tag)[] Said =
    [
        ("git_commit", CommitTag), ("branch", "mlflow.source.git.branch"), ("repository", "mlflow.source.git.repoURL"), ("source", "mlflow.source.name"),
        ("source_type", "mlflow.source.type"), ("parent_run_id", ParentTag),
    ];

    public async Task<IReadOnlyList<RunHead>> HeadsAsync(Session sql, string project, IReadOnlyCollection<string> runIds)
    {
        var heads = new List<RunHead>();
        var columns = string.Join(", ", Said.Select(s =>
            $"(SELECT t.value FROM run_tags t JOIN log_keys k ON k.key_no = t.key_no WHERE t.run_no = r.run_no AND k.project = r.project AND k.key = '{s.Tag}')"));
        await sql.ReadPreparedAsync(
            $"""
            SELECT r.run_id, r.name, r.experiment_id, r.user_id, r.status, r.lifecycle_stage, r.started_at, r.ended_at, {columns}
            FROM runs r WHERE r.project = $1 AND {sql.Dialect.Among("r.run_id", "$2")}
            """,
            row => heads.Add(new RunHead
            {
                RunId = row.Text(0),
                Name = row.Text(1),
                ExperimentId = row.Integer(2),
                UserId = row.Text(3),
                Status = row.Text(4),
                LifecycleStage = row.Text(5),
                StartedAt = row.Integer(6),
                EndedAt = row.IntegerOrNull(7),
                Commit = row.TextOrNull(8),
                Branch = row.TextOrNull(9),
                Repository = row.TextOrNull(10),
                Source = row.TextOrNull(11),
                SourceType = row.TextOrNull(12),
                ParentRunId = row.TextOrNull(13),
            }),
            project, runIds.ToArray());
        return heads;
    }

    /// <summary>Runs with a tag of a value, newest first: one step into the index of values.</summary>
    public Task<IReadOnlyList<string>> TaggedAsync(Session sql, string project, string key, string value, int limit) => sql.QueryAsync<string>(
        """
        SELECT r.run_id FROM log_keys k
        JOIN run_tags t ON t.key_no = k.key_no AND substr(t.value, 1, 64) = substr(@value, 1, 64) AND t.value = @value
        JOIN runs r ON r.run_no = t.run_no
        WHERE k.project = @project AND k.key = @key AND r.project = @project ORDER BY r.started_at DESC, r.run_id LIMIT @limit
        """,
        new { project, key, value, limit });

    /// <summary>Runs that read a dataset, newest first; of any digest where none is given.</summary>
    public Task<IReadOnlyList<DatasetReader>> ReadersAsync(Session sql, string project, string name, string? digest, int limit) => sql.QueryAsync<DatasetReader>(
        $"""
        SELECT i.run_id, i.name, i.digest, c.value AS context, s.value AS sha256 FROM run_inputs i
        JOIN runs r ON r.project = i.project AND r.run_id = i.run_id
        LEFT JOIN run_input_tags c ON c.project = i.project AND c.run_id = i.run_id AND c.name = i.name AND c.digest = i.digest AND c.key = '{DatasetInput.ContextTag}'
        LEFT JOIN run_input_tags s ON s.project = i.project AND s.run_id = i.run_id AND s.name = i.name AND s.digest = i.digest AND s.key = 'baton.sha256'
        WHERE i.project = @project AND i.name = @name AND (@digest = '' OR i.digest = @digest) ORDER BY r.started_at DESC, r.run_id LIMIT @limit
        """,
        new { project, name, digest = digest ?? "", limit });
}
