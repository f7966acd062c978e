using Baton.Server.Platform.Search;

namespace Baton.Server.Runs.Searching;

/// <summary>The fields of a run in SQL, from its row <c>r</c> alone. Keys are numbers here; one that nobody ever logged is 0, which no row has.</summary>
internal sealed class RunFields(IReadOnlyDictionary<string, long> keyNumbers) : IFieldSql
{
    // So many characters of a value are in its index; what is shorter is there as a whole.
    private const int Indexed = 64;

    private readonly HashSet<Comparison> _listed = [];

    private static readonly Dictionary<string, string> Columns = new()
    {
        ["run_id"] = "r.run_id",
        ["run_name"] = "r.name",
        ["status"] = "r.status",
        ["artifact_uri"] = "r.artifact_uri",
        ["user_id"] = "r.user_id",
        ["start_time"] = "(r.started_at / 1000)",
        ["end_time"] = "(r.ended_at / 1000)",
        ["duration"] = "(r.ended_at / 1000 - r.started_at / 1000)",
        ["lifecycle_stage"] = "r.lifecycle_stage",
        ["experiment_id"] = "CAST(r.experiment_id AS TEXT)",
    };

    /// <summary>Where the number of the run at hand is read. A walk tells it before the run's own row, which most of its steps then need not read.</summary>
    public string RunNo { get; init; } = "r.run_no";

    /// <summary>The same fields, where the number of the run at hand is read elsewhere.</summary>
    public RunFields From(string runNo)
    {
        var fields = new RunFields(keyNumbers) { RunNo = runNo };
        fields._listed.UnionWith(_listed);
        return fields;
    }

    /// <summary>Tests an equality by the list of runs that meet it, made once, where looking at each run costs more.</summary>
    public void List(Comparison comparison)
    {
        if (comparison is { Field.Kind: FieldKind.Param or FieldKind.Tag, Comparator: Comparator.Equal, Values.Count: 1 })
            _listed.Add(comparison);
    }

    // "NOT m.is_nan" rather than "= FALSE", which would invite the index of values where the run's own row is meant.
    public string Test(Comparison comparison, SqlText sql) => comparison.Field switch
    {
        { Kind: FieldKind.Param or FieldKind.Tag } field when _listed.Contains(comparison) =>
            $"{RunNo} IN (SELECT p.run_no FROM {(field.Kind == FieldKind.Param ? "run_params" : "run_tags")} p "
            + $"WHERE p.key_no = {Key(field.Key, sql)} AND {IndexedEquals("p.value", comparison, sql)})",
        { Kind: FieldKind.Param } field => ConditionSql.OfRow($"run_params p WHERE p.run_no = {RunNo} AND p.key_no = {Key(field.Key, sql)}", "p.value", comparison, sql),
        { Kind: FieldKind.Tag } field => ConditionSql.OfRow($"run_tags t WHERE t.run_no = {RunNo} AND t.key_no = {Key(field.Key, sql)}", "t.value", comparison, sql),
        { Kind: FieldKind.Metric, Reading.Value: MetricValue.Latest } field => ConditionSql.OfRow(
            $"latest_metrics m WHERE m.run_no = {RunNo} AND m.key_no = {Key(field.Key, sql)}{(comparison.Comparator is Comparator.IsNull or Comparator.IsNotNull ? "" : " AND NOT m.is_nan")}",
            "m.value",
            comparison,
            sql),
        { Kind: FieldKind.Metric } field => ConditionSql.OfValue(Reading(field, sql), comparison, sql),
        { Kind: FieldKind.Dataset, Key: "context" } => ConditionSql.OfRow(
            $"run_input_tags i WHERE i.project = r.project AND i.run_id = r.run_id AND i.key = {sql.Add(DatasetInput.ContextTag)}", "i.value", comparison, sql),
        { Kind: FieldKind.Dataset } field => ConditionSql.OfRow("run_inputs i WHERE i.project = r.project AND i.run_id = r.run_id", "i." + field.Key, comparison, sql),
        var field => ConditionSql.OfValue(Columns[field.Key], comparison, sql),
    };

    /// <summary>An equality as the index of values answers it; a short text alone from the index, without a look at the row.</summary>
    public static string IndexedEquals(string value, Comparison comparison, SqlText sql) => comparison.Values[0].Text! is { Length: < Indexed } text
        ? $"substr({value}, 1, {Indexed}) = {sql.Add(text)}"
        : $"substr({value}, 1, {Indexed}) = substr({sql.Add(comparison.Values[0].Text!)}, 1, {Indexed}) AND {ConditionSql.OfValue(value, comparison, sql)}";

    /// <summary>The number of a key, as a parameter.</summary>
    public string Key(string key, SqlText sql) => sql.Add(keyNumbers.GetValueOrDefault(key));

    /// <summary>How a field orders, with the table that is to be joined for it, under an alias of its own.</summary>
    public (string Join, SortKey Key) Order(Ordering ordering, string alias, SqlText sql)
    {
        var (field, descending) = ordering;
        switch (field)
        {
            case { Kind: FieldKind.Metric, Reading.Value: MetricValue.At }:
                return ("", new SortKey(
                    Reading(field, sql), SortType.Real, descending, $"COALESCE({AtStep(field, "CASE WHEN p.is_nan THEN 1 ELSE 0 END", sql)}, 2)"));
            case { Kind: FieldKind.Metric }:
                var value = Value(field, alias, sql);
                return (Join("latest_metrics", field, alias, sql), new SortKey(
                    value, SortType.Real, descending, $"CASE WHEN {alias}.run_no IS NULL THEN 2 WHEN ({value}) IS NULL THEN 1 ELSE 0 END"));
            case { Kind: FieldKind.Param or FieldKind.Tag }:
                return (Join(field.Kind == FieldKind.Param ? "run_params" : "run_tags", field, alias, sql), new SortKey(
                    $"{alias}.value", SortType.Text, descending, $"CASE WHEN {alias}.run_no IS NULL THEN 2 ELSE 0 END"));
            case { Key: "start_time" }:
                return ("", new SortKey("r.started_at", SortType.Integer, descending));
            case { Key: "experiment_id" }:
                return ("", new SortKey("r.experiment_id", SortType.Integer, descending));
            case { Key: "end_time" or "duration" }:
                return ("", new SortKey(Columns[field.Key], SortType.Integer, descending, "CASE WHEN r.ended_at IS NULL THEN 2 ELSE 0 END"));
            default:
                return ("", new SortKey(Columns[field.Key], SortType.Text, descending));
        }
    }

    private string Join(string table, Field field, string alias, SqlText sql) =>
        $" LEFT JOIN {table} {alias} ON {alias}.run_no = {RunNo} AND {alias}.key_no = {Key(field.Key, sql)}";

    private string Reading(Field field, SqlText sql) => field.Reading!.Value == MetricValue.At
        ? AtStep(field, "CASE WHEN p.is_nan THEN NULL ELSE p.value END", sql)
        : $"(SELECT {Value(field, "m", sql)} FROM latest_metrics m WHERE m.run_no = {RunNo} AND m.key_no = {Key(field.Key, sql)})";

    // Of several points at one step the last one logged counts.
    private string AtStep(Field field, string value, SqlText sql) =>
        $"(SELECT {value} FROM metrics p WHERE p.run_no = {RunNo} AND p.key_no = {Key(field.Key, sql)} AND p.step = {sql.Add(field.Reading!.Step)} "
        + $"AND p.step_micros = {sql.Add(field.Reading.StepMicros)} ORDER BY p.at DESC, p.value DESC LIMIT 1)";

    private string Value(Field field, string row, SqlText sql) => field.Reading!.Value switch
    {
        MetricValue.Min => $"{row}.min_value",
        MetricValue.Max => $"{row}.max_value",
        MetricValue.Best => Best(field.Key, row, sql),
        _ => $"CASE WHEN {row}.is_nan THEN NULL ELSE {row}.value END",
    };

    private string Best(string key, string row, SqlText sql)
    {
        var goal = MetricGoal.TagPrefix + key;
        return $"CASE COALESCE((SELECT g.value FROM run_tags g WHERE g.run_no = {RunNo} AND g.key_no = {Key(goal, sql)}), "
            + $"(SELECT g.value FROM experiment_tags g WHERE g.project = r.project AND g.experiment_id = r.experiment_id AND g.key = {sql.Add(goal)})) "
            + $"WHEN 'minimize' THEN {row}.min_value WHEN 'maximize' THEN {row}.max_value ELSE {row}.{(MetricGoal.IsFalling(key) ? "min_value" : "max_value")} END";
    }
}
