using Baton.Database;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Runs;

internal sealed partial class RunsStore
{
    /// <summary>Batches over more metrics than this wait to be moved; see <see cref="ArrivedPoints"/>.</summary>
    private const int FewKeys = 32;

    /// <summary>
    /// Adds points to a run; the same point again is no change. The latest of a metric is its greatest by (step, time, value). The run must be
    /// held by <see cref="ActiveRunAsync"/>, or two writers could wait for each other.
    /// </summary>
    public async Task AddMetricsAsync(Change change, Run run, MetricRows points)
    {
        if (points.Count == 0)
            return;
        var keyNumbers = await NumbersAsync(change, points.Keys.ToArray());
        if (keyNumbers.ToHashSet().Count > FewKeys)
        {
            change.Sql.ExecuteRowsSoon(
                "INSERT INTO arrived_points (run_no, key_no, at, step, step_micros, value, is_nan) {rows}",
                points.Columns(run.RunNo, keyNumbers));
            if (arrivals.Add(run.RunNo, points.Count))
                await SettleAsync(change, run.RunNo);
        }
        else
        {
            change.Sql.ExecuteRowsSoon(
                "INSERT INTO metrics (run_no, key_no, at, step, step_micros, value, is_nan) {rows} ON CONFLICT DO NOTHING",
                points.Columns(run.RunNo, keyNumbers));
        }

        change.Sql.ExecuteRowsSoon(LatestUpsert, points.LatestColumns(run.RunNo, keyNumbers));
        if (points.OfModels.Count > 0)
            change.Sql.ExecuteRowsSoon(
                """
                INSERT INTO logged_model_metrics (project, model_id, key, at, step, run_id, value, is_nan, dataset_name, dataset_digest) {rows}
                ON CONFLICT DO NOTHING
                """,
                points.ModelColumns(change.Project, run.RunId));
    }

    /// <summary>Moves the points of a run that wait to where they are read from. The run must be held.</summary>
    public static async Task SettleAsync(Change change, long runNo)
    {
        change.Sql.ExecuteSoon(
            """
            INSERT INTO metrics (run_no, key_no, at, step, step_micros, value, is_nan)
            SELECT DISTINCT run_no, key_no, at, step, step_micros, value, is_nan FROM arrived_points WHERE run_no = $1
            ORDER BY run_no, key_no, at, step, step_micros, value, is_nan ON CONFLICT DO NOTHING
            """,
            runNo);
        await change.Sql.ExecutePreparedAsync("DELETE FROM arrived_points WHERE run_no = $1", runNo);
    }

    /// <summary>Which of these logged models do not exist.</summary>
    public async Task<IReadOnlyList<string>> MissingModelsAsync(Change change, IEnumerable<string> modelIds)
    {
        var wanted = modelIds.ToHashSet(StringComparer.Ordinal);
        await change.Sql.ReadPreparedAsync(
            $"SELECT model_id FROM logged_models WHERE project = $1 AND {change.Sql.Dialect.Among("model_id", "$2")}",
            row => wanted.Remove(row.Text(0)),
            change.Project,
            wanted.ToArray());
        return [.. wanted];
    }

    /// <summary>Sets tags, each key once.</summary>
    public async Task SetTagsAsync(Change change, long runNo, IReadOnlyList<LogPair> tags)
    {
        if (tags.Count == 0)
            return;
        change.Sql.ExecuteRowsSoon(
            "INSERT INTO run_tags (run_no, key_no, value) {rows} ON CONFLICT (run_no, key_no) DO UPDATE SET value = excluded.value",
            RowColumn.OfAll(runNo),
            RowColumn.Of(await NumbersAsync(change, [.. tags.Select(tag => tag.Key)])),
            RowColumn.Of([.. tags.Select(tag => tag.Value)]));
    }

    /// <summary>Removes a tag; false where there is none.</summary>
    public async Task<bool> DeleteTagAsync(Change change, long runNo, string key) => await change.Sql.ExecutePreparedAsync(
        "DELETE FROM run_tags WHERE run_no = $1 AND key_no IN (SELECT key_no FROM log_keys WHERE project = $2 AND key = $3)", runNo, change.Project, key) > 0;

    /// <summary>Writes params, each key once. Those that stand already with another value, in order; where there are any, the caller must give up the write.</summary>
    public async Task<IReadOnlyList<(LogPair Param, string Stands)>> SetParamsAsync(Change change, long runNo, IReadOnlyList<LogPair> parameters)
    {
        if (parameters.Count == 0)
            return [];
        var numbers = await NumbersAsync(change, [.. parameters.Select(p => p.Key)]);
        var written = await change.Sql.ExecuteRowsAsync(
            "INSERT INTO run_params (run_no, key_no, value) {rows} ON CONFLICT DO NOTHING",
            RowColumn.OfAll(runNo),
            RowColumn.Of(numbers),
            RowColumn.Of([.. parameters.Select(p => p.Value)]));
        if (written == parameters.Count)
            return [];
        var standing = new Dictionary<long, string>();
        await change.Sql.ReadPreparedAsync(
            $"SELECT key_no, value FROM run_params WHERE run_no = $1 AND {change.Sql.Dialect.Among("key_no", "$2")}",
            row => standing[row.Integer(0)] = row.Text(1),
            runNo,
            numbers);
        return [.. parameters.Zip(numbers, (p, number) => (p, standing[number])).Where(p => p.p.Value != p.Item2)];
    }

    /// <summary>The numbers of keys, made where a key is new.</summary>
    public async Task<long[]> NumbersAsync(Change change, IReadOnlyList<LogKey> wanted)
    {
        var numbers = new long[wanted.Count];
        HashSet<string>? unknown = null;
        for (var i = 0; i < numbers.Length; i++)
        {
            if ((numbers[i] = wanted[i].Number) == 0)
                (unknown ??= new(StringComparer.Ordinal)).Add(wanted[i].Text);
        }

        if (unknown is null)
            return numbers;
        // In one order for all, so that two writers who bring the same new keys do not wait for each other.
        var texts = unknown.Order(StringComparer.Ordinal).ToArray();
        change.Sql.ExecuteRowsSoon("INSERT INTO log_keys (project, key) {rows} ON CONFLICT DO NOTHING", RowColumn.OfAll(change.Project), RowColumn.Of(texts));
        var found = new Dictionary<string, LogKey>(texts.Length, StringComparer.Ordinal);
        await change.Sql.ReadPreparedAsync(
            $"SELECT key_no, key FROM log_keys WHERE project = $1 AND {change.Sql.Dialect.Among("key", "$2")}",
            row =>
            {
                var key = new LogKey(row.Text(1), row.Integer(0));
                found[key.Text] = key;
            },
            change.Project,
            texts);
        for (var i = 0; i < numbers.Length; i++)
        {
            if (numbers[i] == 0)
                numbers[i] = found[wanted[i].Text].Number;
        }

        change.Committed += () => keys.Of(change.Project).Remember(found.Values);
        return numbers;
    }

    private const string Newer =
        "(excluded.step, excluded.step_micros, excluded.at, excluded.value) > (latest_metrics.step, latest_metrics.step_micros, latest_metrics.at, latest_metrics.value)";

    private const string LatestUpsert =
        $$"""
        INSERT INTO latest_metrics (run_no, key_no, at, step, step_micros, value, is_nan, min_value, max_value) {rows}
        ON CONFLICT (run_no, key_no) DO UPDATE SET
            at = CASE WHEN {{Newer}} THEN excluded.at ELSE latest_metrics.at END,
            step = CASE WHEN {{Newer}} THEN excluded.step ELSE latest_metrics.step END,
            step_micros = CASE WHEN {{Newer}} THEN excluded.step_micros ELSE latest_metrics.step_micros END,
            value = CASE WHEN {{Newer}} THEN excluded.value ELSE latest_metrics.value END,
            is_nan = CASE WHEN {{Newer}} THEN excluded.is_nan ELSE latest_metrics.is_nan END,
            min_value = CASE WHEN latest_metrics.min_value <= excluded.min_value THEN latest_metrics.min_value ELSE COALESCE(excluded.min_value, latest_metrics.min_value) END,
            max_value = CASE WHEN latest_metrics.max_value >= excluded.max_value THEN latest_metrics.max_value ELSE COALESCE(excluded.max_value, latest_metrics.max_value) END
        """;
}

/// <summary>A param or tag.</summary>
internal sealed record LogPair(LogKey Key, string Value);
