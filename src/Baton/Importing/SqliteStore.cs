using System.Globalization;
using Baton.Client;
using Baton.Database;

namespace Baton.Importing;

/// <summary>MLflow's SQLite database. Its tables grew over the years, so only what is there is asked for.</summary>
internal sealed partial class SqliteStore : ITrackingSource, IDisposable
{
    private readonly ForeignSqlite _database;
    private readonly ImportReport _report;
    private readonly Dictionary<string, IReadOnlySet<string>> _columns = new(StringComparer.Ordinal);
    private readonly Lazy<Dictionary<string, string>> _pointDigests;

    /// <exception cref="DatabaseException">It cannot be read.</exception>
    public SqliteStore(string file, ImportReport report)
    {
        _database = ForeignSqlite.Open(file);
        _report = report;
        _pointDigests = new Lazy<Dictionary<string, string>>(PointDigests);
        if (Has("metrics"))
            _database.Run("CREATE INDEX IF NOT EXISTS baton_metrics_by_run ON metrics (run_uuid)");
    }

    /// <summary>Whether a SQLite database is MLflow's.</summary>
    public static bool IsOne(string file)
    {
        if (!ForeignSqlite.IsDatabase(file))
            return false;
        using var database = ForeignSqlite.Open(file);
        return database.ColumnsOf("experiments").Contains("experiment_id") && database.ColumnsOf("runs").Contains("run_uuid");
    }

    public void Dispose() => _database.Dispose();

    public IEnumerable<SourceExperiment> Experiments()
    {
        foreach (var row in All("experiments", "ORDER BY experiment_id", "experiment_id", "name", "artifact_location", "lifecycle_stage", "creation_time", "last_update_time").ToList(r => (
            Id: r.Integer("experiment_id"),
            Name: r.Text("name"),
            Location: r.Text("artifact_location"),
            Stage: r.Text("lifecycle_stage"),
            Created: r.Integer("creation_time"),
            Updated: r.Integer("last_update_time"))))
        {
            _report.Found(Kinds.Experiments);
            if (row.Id is not { } id)
            {
                _report.Skip(Kinds.Experiments, row.Name ?? "?", "its id is no number");
                continue;
            }

            yield return new SourceExperiment(
                new ImportedExperiment(
                    id, row.Name ?? $"{id}", row.Stage == "deleted" ? "deleted" : "active", row.Created, row.Updated, row.Location,
                    Pairs("experiment_tags", "key", "value", "experiment_id", id)),
                "");
        }
    }

    public IEnumerable<SourceRun> Runs(SourceExperiment experiment)
    {
        var rows = _database.Read(
            Select("runs", "run_uuid", "name", "user_id", "status", "start_time", "end_time", "deleted_time", "lifecycle_stage", "artifact_uri") + " WHERE experiment_id = @id ORDER BY run_uuid",
            ("@id", experiment.Content.ExperimentId)).ToList(r => (
            Run: new ImportedRun
            {
                RunId = r.Text("run_uuid") ?? "",
                ExperimentId = experiment.Content.ExperimentId,
                Name = r.Text("name") ?? "",
                UserId = r.Text("user_id") ?? "",
                Status = r.Text("status") ?? "RUNNING",
                StartTime = r.Integer("start_time") ?? 0,
                EndTime = r.Integer("end_time"),
                DeletedTime = r.Integer("deleted_time"),
                LifecycleStage = r.Text("lifecycle_stage") == "deleted" ? "deleted" : "active",
            },
            Uri: r.Text("artifact_uri") ?? ""));
        foreach (var (row, uri) in rows)
        {
            _report.Found(Kinds.Runs);
            var id = row.RunId;
            var tags = Pairs("tags", "key", "value", "run_uuid", id);
            var (datasets, inputs, outputs) = LinksOf(id);
            var run = row with
            {
                Name = row.Name.Length > 0 ? row.Name : tags.GetValueOrDefault("mlflow.runName") ?? "",
                Params = Pairs("params", "key", "value", "run_uuid", id),
                Tags = tags,
                Datasets = datasets,
                ModelInputs = inputs,
                ModelOutputs = outputs,
            };
            yield return new SourceRun(run, uri, _pointDigests.Value.GetValueOrDefault(id) ?? "none") { Points = PointsOf(id) };
        }
    }

    public IEnumerable<(string Kind, long Count)> Strangers()
    {
        yield return ("traces", Count("trace_info"));
        yield return ("assessments", Count("assessments"));
        yield return ("prompts", Has("registered_model_tags")
            ? _database.Read("SELECT COUNT(*) AS n FROM registered_model_tags WHERE key = 'mlflow.prompt.is_prompt' AND lower(value) = 'true'").Select(r => r.Integer("n")!.Value).First()
            : 0);
        yield return ("evaluation datasets", Count("evaluation_datasets"));
        yield return ("scorers", Count("scorers"));
        yield return ("webhooks", Count("webhooks"));
    }

    private IEnumerable<SourcePoint> PointsOf(string run)
    {
        if (!Has("metrics"))
            yield break;
        foreach (var row in _database.Read(Select("metrics", "key", "value", "timestamp", "step", "is_nan") + " WHERE run_uuid = @run", ("@run", run)))
        {
            _report.Found(Kinds.Points);
            var key = row.Text("key") ?? "";
            var isNan = row.Integer("is_nan") is > 0 || row.Text("is_nan") is "True" or "true";
            if (isNan || row.Real("value") is not null)
                yield return new SourcePoint(key, row.Integer("timestamp") ?? 0, row.Integer("step") ?? 0, isNan ? double.NaN : row.Real("value")!.Value);
            else
                _report.Skip(Kinds.Points, $"{run}/{key}", "its value is no number");
        }
    }

    // MLflow only ever adds points, so their number and sums change with every one.
    private Dictionary<string, string> PointDigests()
    {
        var digests = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!Has("metrics"))
            return digests;
        var step = _columns["metrics"].Contains("step") ? "TOTAL(step)" : "0";
        foreach (var row in _database.Read($"SELECT run_uuid, COUNT(*) AS n, TOTAL(timestamp) AS at, {step} AS steps, TOTAL(value) AS sum FROM metrics GROUP BY run_uuid"))
            digests[row.Text("run_uuid") ?? ""] = string.Create(CultureInfo.InvariantCulture, $"{row.Integer("n")} {row.Real("at"):R} {row.Real("steps"):R} {row.Real("sum"):R}");
        return digests;
    }

    private bool Has(string table)
    {
        if (!_columns.TryGetValue(table, out var columns))
            _columns[table] = columns = _database.ColumnsOf(table);
        return columns.Count > 0;
    }

    private long Count(string table) => Has(table) ? _database.Read($"SELECT COUNT(*) AS n FROM {table}").Select(r => r.Integer("n")!.Value).First() : 0;

    /// <summary>Selects columns, null where the table has none of that name.</summary>
    private string Select(string table, params string[] wanted) =>
        !Has(table) ? throw new InvalidOperationException($"There is no table {table}.")
            : $"SELECT {string.Join(", ", wanted.Select(c => _columns[table].Contains(c) ? c : $"NULL AS {c}"))} FROM {table}";

    private IEnumerable<ForeignRow> All(string table, string order, params string[] wanted) =>
        Has(table) ? _database.Read($"{Select(table, wanted)} {order}") : [];

    private Dictionary<string, string> Pairs(string table, string key, string value, string owner, object id)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!Has(table))
            return pairs;
        foreach (var row in _database.Read($"SELECT {key}, {value} FROM {table} WHERE {owner} = @id", ("@id", id)))
            pairs[row.Text(key) ?? ""] = row.Text(value) ?? "";
        return pairs;
    }
}

internal static class ForeignRows
{
    /// <summary>Takes what is wanted of each row, since a row is good only until the next.</summary>
    public static List<T> ToList<T>(this IEnumerable<ForeignRow> rows, Func<ForeignRow, T> take) => [.. rows.Select(take)];
}
