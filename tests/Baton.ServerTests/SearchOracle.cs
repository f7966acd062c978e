using System.Globalization;
using Baton.Database;
using CsCheck;

namespace Baton.ServerTests;

/// <summary>A run as the oracle of searches keeps it: in plain lists.</summary>
internal sealed record OracleRun(
    long No, string Id, long Experiment, string Status, long Start, long? End, string Stage,
    Dictionary<string, List<OraclePoint>> Metrics, Dictionary<string, string> Params, Dictionary<string, string> Tags, List<(string Name, string Context)> Datasets)
{
    public OraclePoint? Latest(string key) => Metrics.TryGetValue(key, out var points) ? points.MaxBy(p => (p.Step, p.At)) : null;

    public double? Least(string key) => Numbers(key) is { Count: > 0 } numbers ? numbers.Min() : null;

    public double? Greatest(string key) => Numbers(key) is { Count: > 0 } numbers ? numbers.Max() : null;

    public double? AtStep(string key, long step) =>
        Metrics.GetValueOrDefault(key)?.Where(p => p.Step == step).MaxBy(p => p.At) is { } point && !double.IsNaN(point.Value) ? point.Value : null;

    private List<double> Numbers(string key) => [.. (Metrics.GetValueOrDefault(key) ?? []).Select(p => p.Value).Where(v => !double.IsNaN(v))];
}

internal sealed record OraclePoint(long Step, long At, double Value);

/// <summary>A filter's text and what it means.</summary>
internal sealed record OracleFilter(string Text, Func<OracleRun, bool> Matches);

/// <summary>One item of an order: its text, and a run's rank (0 value, 1 NaN, 2 none) and value.</summary>
internal sealed record OracleOrder(string Text, Func<OracleRun, (int Rank, IComparable? Value)> Of, bool Descending);

/// <summary>Searches evaluated in memory, by rules written a second time.</summary>
internal static class SearchOracle
{
    private static readonly string[] Metrics = ["loss", "acc", "f1"];
    private static readonly string[] Pairs = ["p", "q"];
    private static readonly string[] Values = ["a", "b", "ab", "A%", "b_"];

    private static readonly Gen<OracleFilter> Comparison = Gen.OneOf(
        Number(Gen.OneOf(Metrics).Select(k => ($"metrics.{k}", (Func<OracleRun, double?>)(r => r.Latest(k) is { } p && !double.IsNaN(p.Value) ? p.Value : null)))),
        Number(Gen.OneOf(Metrics).Select(k => ($"metrics.{k}.min", (Func<OracleRun, double?>)(r => r.Least(k))))),
        Number(Gen.OneOf(Metrics).Select(k => ($"metrics.`{k}`.max", (Func<OracleRun, double?>)(r => r.Greatest(k))))),
        Number(Gen.OneOf(Metrics).Select(k => ($"metrics.{k}.best", (Func<OracleRun, double?>)(r => Best(r, k))))),
        Number(Gen.Select(Gen.OneOf(Metrics), Gen.Long[0, 2], (k, s) => ($"metrics.{k}.at({s})", (Func<OracleRun, double?>)(r => r.AtStep(k, s))))),
        Number(Gen.Const(("start_time", (Func<OracleRun, double?>)(r => r.Start)))),
        Number(Gen.Const(("duration", (Func<OracleRun, double?>)(r => r.End - r.Start)))),
        Text(Gen.OneOf(Pairs).Select(k => ($"params.{k}", (Func<OracleRun, string?>)(r => r.Params.GetValueOrDefault(k))))),
        Text(Gen.OneOf(Pairs).Select(k => ($"tags.{k}", (Func<OracleRun, string?>)(r => r.Tags.GetValueOrDefault(k))))),
        Text(Gen.Const(("status", (Func<OracleRun, string?>)(r => r.Status)))),
        Text(Gen.Const(("parent_run_id", (Func<OracleRun, string?>)(r => r.Tags.GetValueOrDefault("mlflow.parentRunId"))))),
        Gen.OneOf("train", "test").Select(v => new OracleFilter($"dataset.name = '{v}'", r => r.Datasets.Any(d => d.Name == v))),
        Gen.OneOf("train", "test").Select(v => new OracleFilter($"dataset.context != '{v}'", r => r.Datasets.Any(d => d.Context != v))),
        Gen.OneOf(Metrics).Select(k => new OracleFilter($"metrics.{k} IS NULL", r => !r.Metrics.ContainsKey(k))),
        Gen.OneOf(Metrics).Select(k => new OracleFilter($"metrics.{k}.min IS NOT NULL", r => r.Least(k) is not null)),
        Gen.Const(new OracleFilter("params.unheard_of != 'a'", _ => false)));

    public static Gen<OracleFilter> Filters { get; } = Gen.Recursive<OracleFilter>((depth, inner) => depth >= 3 ? Comparison : Gen.OneOf(
        Comparison,
        Gen.Select(inner, inner, (a, b) => new OracleFilter($"{a.Text} AND {b.Text}", r => a.Matches(r) && b.Matches(r))).Select(Bracketed),
        Gen.Select(inner, inner, (a, b) => new OracleFilter($"{a.Text} or {b.Text}", r => a.Matches(r) || b.Matches(r))).Select(Bracketed),
        inner.Select(a => new OracleFilter($"NOT ({a.Text})", r => !a.Matches(r)))));

    public static Gen<OracleOrder> Orders { get; } = Gen.Select(Gen.Bool, Gen.OneOf(
        Gen.OneOf(Metrics).Select(k => ($"metrics.{k}", (Func<OracleRun, (int, IComparable?)>)(r => r.Latest(k) is not { } p ? (2, null) : double.IsNaN(p.Value) ? (1, null) : (0, p.Value)))),
        Gen.OneOf(Metrics).Select(k => ($"metrics.{k}.min", (Func<OracleRun, (int, IComparable?)>)(r => r.Latest(k) is null ? (2, null) : r.Least(k) is { } v ? (0, v) : (1, null)))),
        Gen.OneOf(Metrics).Select(k => ($"metrics.{k}.best", (Func<OracleRun, (int, IComparable?)>)(r => r.Latest(k) is null ? (2, null) : Best(r, k) is { } v ? (0, v) : (1, null)))),
        Gen.OneOf(Pairs).Select(k => ($"params.{k}", (Func<OracleRun, (int, IComparable?)>)(r => r.Params.TryGetValue(k, out var v) ? (0, new Ordinal(v)) : (2, null)))),
        Gen.OneOf(Pairs).Select(k => ($"tags.{k}", (Func<OracleRun, (int, IComparable?)>)(r => r.Tags.TryGetValue(k, out var v) ? (0, new Ordinal(v)) : (2, null)))),
        Gen.Const(("start_time", (Func<OracleRun, (int, IComparable?)>)(r => (0, r.Start)))),
        Gen.Const(("end_time", (Func<OracleRun, (int, IComparable?)>)(r => r.End is { } e ? (0, e) : (2, null)))),
        Gen.Const(("status", (Func<OracleRun, (int, IComparable?)>)(r => (0, new Ordinal(r.Status))))),
        Gen.Const(("run_id", (Func<OracleRun, (int, IComparable?)>)(r => (0, new Ordinal(r.Id)))))),
        (down, o) => new OracleOrder($"{o.Item1} {(down ? "DESC" : "ASC")}", o.Item2, down));

    /// <summary>Runs of three experiments, with values that often are equal, missing or NaN.</summary>
    public static IReadOnlyList<OracleRun> Runs()
    {
        var random = new Random(4711);
        string Pick(params string[] of) => of[random.Next(of.Length)];
        return [.. Enumerable.Range(1, 90).Select(no =>
        {
            var start = 1_000_000 + (random.Next(12) * 1000);
            return new OracleRun(
                no,
                random.Next(10).ToString(CultureInfo.InvariantCulture) + no.ToString("x31", CultureInfo.InvariantCulture),
                1 + random.Next(3),
                Pick("FINISHED", "RUNNING", "FAILED"),
                start,
                random.Next(3) == 0 ? null : start + random.Next(5),
                random.Next(6) == 0 ? "deleted" : "active",
                Metrics.Where(_ => random.Next(4) > 0).ToDictionary(k => k, _ => Enumerable.Range(0, 1 + random.Next(3)).Select(i =>
                    new OraclePoint(i, random.Next(9), random.Next(6) == 0 ? double.NaN : random.Next(-2, 5) / 2.0)).ToList()),
                Pairs.Where(_ => random.Next(3) > 0).ToDictionary(k => k, _ => Pick(Values)),
                Pairs.Append("mlflow.parentRunId").Append("baton.goal.f1").Where(_ => random.Next(3) > 0).ToDictionary(
                    k => k, k => k == "baton.goal.f1" ? Pick("minimize", "maximize") : Pick(Values)),
                random.Next(3) == 0 ? [] : [(Pick("train", "test"), Pick("train", "test"))]);
        })];
    }

    /// <summary>Writes the runs into a database, straight into its tables.</summary>
    public static async Task StoreAsync(Session sql, string project, IEnumerable<OracleRun> runs)
    {
        var keys = Metrics.Concat(Pairs).Append("mlflow.parentRunId").Append("baton.goal.f1").ToArray();
        long KeyNo(string key) => Array.IndexOf(keys, key) + 1;
        foreach (var key in keys)
            await sql.ExecuteAsync("INSERT INTO log_keys (key_no, project, key) VALUES (@no, @project, @key)", new { no = KeyNo(key), project, key });
        foreach (var run in runs)
        {
            await sql.ExecuteAsync(
                """
                INSERT INTO runs (run_no, project, run_id, experiment_id, name, user_id, status, started_at, ended_at, artifact_uri, lifecycle_stage)
                VALUES (@No, @project, @Id, @Experiment, 'n', 'u', @Status, @start, @end, 'x', @Stage)
                """,
                new { run.No, project, run.Id, run.Experiment, run.Status, start = run.Start * 1000, end = run.End * 1000, run.Stage });
            foreach (var (table, pairs) in new[] { ("run_params", run.Params), ("run_tags", run.Tags) })
                foreach (var (key, value) in pairs)
                    await sql.ExecuteAsync($"INSERT INTO {table} (run_no, key_no, value) VALUES (@No, @key, @value)", new { run.No, key = KeyNo(key), value });
            foreach (var key in run.Metrics.Keys)
            {
                foreach (var p in run.Metrics[key])
                    await sql.ExecuteAsync(
                        "INSERT INTO metrics (run_no, key_no, at, step, step_micros, value, is_nan) VALUES (@No, @key, @At, @Step, 0, @value, @nan)",
                        new { run.No, key = KeyNo(key), p.At, p.Step, value = double.IsNaN(p.Value) ? 0 : p.Value, nan = double.IsNaN(p.Value) });
                var last = run.Latest(key)!;
                await sql.ExecuteAsync(
                    """
                    INSERT INTO latest_metrics (run_no, key_no, at, step, step_micros, value, is_nan, min_value, max_value)
                    VALUES (@No, @key, @At, @Step, 0, @value, @nan, @least, @greatest)
                    """,
                    new
                    {
                        run.No,
                        key = KeyNo(key),
                        last.At,
                        last.Step,
                        value = double.IsNaN(last.Value) ? 0 : last.Value,
                        nan = double.IsNaN(last.Value),
                        least = run.Least(key),
                        greatest = run.Greatest(key),
                    });
            }

            foreach (var (name, context) in run.Datasets)
            {
                var args = new { project, run.Id, run.Experiment, name, context };
                await sql.ExecuteAsync(
                    "INSERT INTO datasets (project, experiment_id, name, digest, source_type, source) VALUES (@project, @Experiment, @name, 'd', 's', 's') ON CONFLICT DO NOTHING", args);
                await sql.ExecuteAsync("INSERT INTO run_inputs (project, run_id, experiment_id, name, digest, position) VALUES (@project, @Id, @Experiment, @name, 'd', 0)", args);
                await sql.ExecuteAsync(
                    "INSERT INTO run_input_tags (project, run_id, name, digest, key, value) VALUES (@project, @Id, @name, 'd', 'mlflow.data.context', @context)", args);
            }
        }
    }

    // loss goes down by its name, acc and f1 up; of f1, runs' tags may say otherwise.
    private static double? Best(OracleRun run, string key) =>
        (key == "f1" ? run.Tags.GetValueOrDefault("baton.goal.f1") : null) is { } goal
            ? goal == "minimize" ? run.Least(key) : run.Greatest(key)
            : key == "loss" ? run.Least(key) : run.Greatest(key);

    private static OracleFilter Bracketed(OracleFilter filter) => filter with { Text = $"({filter.Text})" };

    private static Gen<OracleFilter> Number(Gen<(string Text, Func<OracleRun, double?> Of)> field) =>
        Gen.Select(field, Gen.Int[0, 8], Gen.Int[-2, 4], Gen.Int[0, 3], (f, how, low, more) =>
        {
            var times = f.Text == "start_time";
            var scale = times ? 3000 : 0.5;
            var (a, b) = (times ? 1_000_000 + (low * scale) : low * scale, times ? 1_000_000 + ((low + more) * scale) : (low + more) * scale);
            var (x, y) = (a.ToString(CultureInfo.InvariantCulture), b.ToString(CultureInfo.InvariantCulture));
            return how switch
            {
                0 => new OracleFilter($"{f.Text} = {x}", r => f.Of(r) is { } v && v == a),
                1 => new OracleFilter($"{f.Text} != {x}", r => f.Of(r) is { } v && v != a),
                2 => new OracleFilter($"{f.Text} < {x}", r => f.Of(r) < a),
                3 => new OracleFilter($"{f.Text} <= {x}", r => f.Of(r) <= a),
                4 => new OracleFilter($"{f.Text} > {x}", r => f.Of(r) > a),
                5 => new OracleFilter($"{f.Text} >= {x}", r => f.Of(r) >= a),
                6 => new OracleFilter($"{f.Text} BETWEEN {x} AND {y}", r => f.Of(r) >= a && f.Of(r) <= b),
                7 => new OracleFilter($"{f.Text} NOT BETWEEN {x} AND {y}", r => f.Of(r) is { } v && (v < a || v > b)),
                _ => new OracleFilter($"{f.Text} IN ({x}, {y})", r => f.Of(r) is { } v && (v == a || v == b)),
            };
        });

    private static Gen<OracleFilter> Text(Gen<(string Text, Func<OracleRun, string?> Of)> field) =>
        Gen.Select(field, Gen.Int[0, 7], Gen.OneOf([.. Values, "FINISHED"]), Gen.OneOf(Values), (f, how, a, b) => how switch
        {
            0 => new OracleFilter($"{f.Text} = '{a}'", r => f.Of(r) == a),
            1 => new OracleFilter($"{f.Text} != '{a}'", r => f.Of(r) is { } v && v != a),
            2 => new OracleFilter($"{f.Text} IN ('{a}', '{b}')", r => f.Of(r) is { } v && (v == a || v == b)),
            3 => new OracleFilter($"{f.Text} NOT IN ('{a}', '{b}')", r => f.Of(r) is { } v && v != a && v != b),
            4 => new OracleFilter($"{f.Text} IS NULL", r => f.Of(r) is null),
            5 => new OracleFilter($"{f.Text} LIKE '{b[0]}%'", r => f.Of(r)?.StartsWith(b[0]) == true),
            6 => new OracleFilter($"{f.Text} ILIKE '{char.ToUpperInvariant(b[0])}%'", r => f.Of(r)?.StartsWith(b[..1], StringComparison.OrdinalIgnoreCase) == true),
            _ => new OracleFilter($"{f.Text} NOT LIKE '_'", r => f.Of(r) is { Length: not 1 }),
        });

    private sealed record Ordinal(string Text) : IComparable
    {
        public int CompareTo(object? other) => string.CompareOrdinal(Text, ((Ordinal)other!).Text);
    }
}
