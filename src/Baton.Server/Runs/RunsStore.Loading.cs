using Baton.Database;

namespace Baton.Server.Runs;

internal sealed partial class RunsStore
{
    /// <summary>Fills runs with what was logged to them: a fixed number of statements, whatever the number of runs.</summary>
    public async Task<IReadOnlyList<Run>> LoadRunsAsync(Session sql, string project, IReadOnlyList<Run> runs)
    {
        if (runs.Count == 0)
            return runs;
        var numbers = new long[runs.Count];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = runs[i].RunNo;
        var among = sql.Dialect.Among("run_no", "$1");
        var (parameters, tags, points) = (new List<PairRow>(), new List<PairRow>(), new List<PointRow>());
        sql.ReadSoon(
            $"SELECT run_no, key_no, value FROM run_params WHERE {among}", row => parameters.Add(new PairRow(row.Integer(0), row.Integer(1), row.Text(2))), numbers);
        sql.ReadSoon(
            $"SELECT run_no, key_no, value FROM run_tags WHERE {among}", row => tags.Add(new PairRow(row.Integer(0), row.Integer(1), row.Text(2))), numbers);
        sql.ReadSoon(
            $"SELECT run_no, key_no, at, step, step_micros, value, is_nan FROM latest_metrics WHERE {among}",
            row => points.Add(new PointRow(row.Integer(0), row.Integer(1), row.Integer(2), row.Integer(3), row.Integer(4), row.Real(5), row.Flag(6))),
            numbers);
        var linksOf = await LinksAsync(sql, project, runs);

        var names = await NamesAsync(sql, project, parameters.Select(p => p.KeyNo).Concat(tags.Select(t => t.KeyNo)).Concat(points.Select(p => p.KeyNo)));
        var (paramsOf, tagsOf, pointsOf) = (Grouped(parameters, names), Grouped(tags, names), new Dictionary<long, List<MetricPoint>>());
        foreach (var point in points)
        {
            if (!pointsOf.TryGetValue(point.RunNo, out var own))
                pointsOf[point.RunNo] = own = [];
            own.Add(point.Named(names[point.KeyNo]));
        }

        foreach (var own in pointsOf.Values)
            own.Sort(static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        var loaded = new Run[runs.Count];
        for (var i = 0; i < loaded.Length; i++)
        {
            var run = runs[i];
            loaded[i] = run with
            {
                Params = paramsOf.GetValueOrDefault(run.RunNo) ?? run.Params,
                Tags = tagsOf.GetValueOrDefault(run.RunNo) ?? run.Tags,
                Metrics = pointsOf.GetValueOrDefault(run.RunNo) ?? run.Metrics,
                Inputs = [.. linksOf.Datasets[run.RunId]],
                ModelInputs = [.. linksOf.Read[run.RunId]],
                ModelOutputs = [.. linksOf.Made[run.RunId]],
            };
        }

        return loaded;
    }

    /// <summary>The texts of keys by number.</summary>
    private async Task<IReadOnlyDictionary<long, string>> NamesAsync(Session sql, string project, IEnumerable<long> numbers)
    {
        var remembered = keys.Of(project);
        var names = new Dictionary<long, string>();
        List<long>? unknown = null;
        foreach (var number in numbers)
        {
            if (names.ContainsKey(number))
                continue;
            if (remembered.Find(number) is { } key)
                names[number] = key.Text;
            else
                (unknown ??= []).Add(number);
        }

        if (unknown is null)
            return names;
        var found = new List<LogKey>();
        await sql.ReadPreparedAsync(
            $"SELECT key_no, key FROM log_keys WHERE {sql.Dialect.Among("key_no", "$1")}",
            row => found.Add(new LogKey(row.Text(1), row.Integer(0))),
            unknown.Distinct().ToArray());
        foreach (var key in found)
            names[key.Number] = key.Text;
        return names;
    }

    /// <summary>What runs read and made. Most have no such links, which one statement finds out.</summary>
    private async Task<RunLinks> LinksAsync(Session sql, string project, IReadOnlyList<Run> runs)
    {
        var ids = runs.Select(run => run.RunId).ToArray();
        var among = sql.Dialect.Among("run_id", "$2");
        var linked = new List<string>();
        await sql.ReadPreparedAsync(
            $"""
            SELECT run_id FROM run_inputs WHERE project = $1 AND {among}
            UNION SELECT run_id FROM run_model_inputs WHERE project = $1 AND {among}
            UNION SELECT run_id FROM run_model_outputs WHERE project = $1 AND {among}
            """,
            row => linked.Add(row.Text(0)),
            project,
            ids);
        return linked.Count == 0
            ? RunLinks.None
            : new RunLinks(
                await links.DatasetsAsync(sql, project, linked),
                await links.ModelInputsAsync(sql, project, linked),
                await links.ModelOutputsAsync(sql, project, linked));
    }

    private static Dictionary<long, Dictionary<string, string>> Grouped(List<PairRow> rows, IReadOnlyDictionary<long, string> names)
    {
        var grouped = new Dictionary<long, Dictionary<string, string>>();
        foreach (var row in rows)
            PairsOf(grouped, row.RunNo)[names[row.KeyNo]] = row.Value;
        return grouped;
    }

    private readonly record struct PairRow(long RunNo, long KeyNo, string Value);

    private readonly record struct PointRow(long RunNo, long KeyNo, long At, long Step, long StepMicros, double Value, bool IsNan)
    {
        public MetricPoint Named(string key) => new() { Key = key, At = At, Step = Step, StepMicros = StepMicros, Value = Value, IsNan = IsNan };
    }

    private sealed record RunLinks(ILookup<string, DatasetInput> Datasets, ILookup<string, ModelInput> Read, ILookup<string, ModelOutput> Made)
    {
        public static RunLinks None { get; } = new(
            Array.Empty<DatasetInput>().ToLookup(_ => ""), Array.Empty<ModelInput>().ToLookup(_ => ""), Array.Empty<ModelOutput>().ToLookup(_ => ""));
    }
}
