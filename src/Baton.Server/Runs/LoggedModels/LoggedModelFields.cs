using System.Globalization;
using Baton.Server.Platform.Search;
using Baton.Server.Runs.Searching;

namespace Baton.Server.Runs.LoggedModels;

/// <summary>The fields of a logged model in SQL, from its row <c>m</c> alone. A condition on a metric holds if any of its points meets it.</summary>
/// <param name="datasets">Of metrics, only points on one of these count; none given, all do.</param>
internal sealed class LoggedModelFields(IReadOnlyList<MeasuredDataset> datasets) : IFieldSql
{
    private const string Points = "logged_model_metrics x WHERE x.project = m.project AND x.model_id = m.model_id";

    private static readonly Dictionary<string, string> Columns = new()
    {
        ["name"] = "m.name",
        ["model_id"] = "m.model_id",
        ["experiment_id"] = "CAST(m.experiment_id AS TEXT)",
        ["model_type"] = "m.model_type",
        ["status"] = "(CASE m.status WHEN 1 THEN 'LOGGED_MODEL_PENDING' WHEN 2 THEN 'LOGGED_MODEL_READY' WHEN 3 THEN 'LOGGED_MODEL_UPLOAD_FAILED' "
            + "ELSE 'LOGGED_MODEL_STATUS_UNSPECIFIED' END)",
        ["source_run_id"] = "m.source_run_id",
        ["artifact_location"] = "m.artifact_uri",
        ["lifecycle_stage"] = "m.lifecycle_stage",
        ["creation_timestamp"] = "(m.created_at / 1000)",
        ["last_updated_timestamp"] = "(m.updated_at / 1000)",
    };

    public string Test(Comparison comparison, SqlText sql) => comparison.Field switch
    {
        { Kind: FieldKind.Param } field => ConditionSql.OfRow(Pair("logged_model_params", field.Key, sql), "p.value", comparison, sql),
        { Kind: FieldKind.Tag } field => ConditionSql.OfRow(Pair("logged_model_tags", field.Key, sql), "p.value", comparison, sql),
        { Kind: FieldKind.Metric, Reading.Value: MetricValue.Latest } field => ConditionSql.OfRow(
            PointsOf(field.Key, comparison.Comparator is not (Comparator.IsNull or Comparator.IsNotNull), sql), "x.value", comparison, sql),
        { Kind: FieldKind.Metric } field => ConditionSql.OfValue(Reading(field, sql), comparison, sql),
        { Key: "status" } => ConditionSql.OfValue(Columns["status"], comparison with { Values = [.. comparison.Values.Select(StatusOf)] }, sql),
        var field => ConditionSql.OfValue(Columns[field.Key], comparison, sql),
    };

    /// <summary>Whether any metric of the model was measured on one of the datasets.</summary>
    public string MeasuredOnDatasets(SqlText sql) => $"EXISTS (SELECT 1 FROM {Points}{On(datasets, sql)})";

    /// <summary>Narrows points <c>x</c> down to those on one of some datasets.</summary>
    public static string On(IReadOnlyList<MeasuredDataset> datasets, SqlText sql) => datasets.Count == 0
        ? ""
        : $" AND ({string.Join(" OR ", datasets.Select(d =>
            $"(x.dataset_name = {sql.Add(d.Name)}{(d.Digest is null ? "" : $" AND x.dataset_digest = {sql.Add(d.Digest)}")})"))})";

    private static string Pair(string table, string key, SqlText sql) =>
        $"{table} p WHERE p.project = m.project AND p.model_id = m.model_id AND p.key = {sql.Add(key)}";

    private string PointsOf(string key, bool numbersOnly, SqlText sql) =>
        $"{Points} AND x.key = {sql.Add(key)}{(numbersOnly ? " AND NOT x.is_nan" : "")}{On(datasets, sql)}";

    private string Reading(Field field, SqlText sql)
    {
        string All(string value) => $"(SELECT {value} FROM {PointsOf(field.Key, true, sql)})";
        switch (field.Reading!.Value)
        {
            case MetricValue.Min:
                return All("MIN(x.value)");
            case MetricValue.Max:
                return All("MAX(x.value)");
            case MetricValue.Best:
                var goal = sql.Add(MetricGoal.TagPrefix + field.Key);
                var named = MetricGoal.IsFalling(field.Key) ? "MIN" : "MAX";
                return $"CASE COALESCE((SELECT g.value FROM logged_model_tags g WHERE g.project = m.project AND g.model_id = m.model_id AND g.key = {goal}), "
                    + $"(SELECT g.value FROM experiment_tags g WHERE g.project = m.project AND g.experiment_id = m.experiment_id AND g.key = {goal})) "
                    + $"WHEN 'minimize' THEN {All("MIN(x.value)")} WHEN 'maximize' THEN {All("MAX(x.value)")} ELSE {All($"{named}(x.value)")} END";
            default:
                // Points of models have whole steps.
                return $"(SELECT CASE WHEN x.is_nan THEN NULL ELSE x.value END FROM {PointsOf(field.Key, false, sql)} AND x.step = {sql.Add(field.Reading.Step)} "
                    + $"AND {sql.Add(field.Reading.StepMicros)} = 0 ORDER BY x.at DESC, x.value DESC LIMIT 1)";
        }
    }

    // A status by its number, its name, or the name's last words.
    private static Literal StatusOf(Literal given) => given.Text switch
    {
        { } digits when int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && Enum.IsDefined((LoggedModelStatus)number) =>
            Literal.Of(LoggedModelStatuses.NameOf((LoggedModelStatus)number)),
        "PENDING" or "READY" or "UPLOAD_FAILED" => Literal.Of("LOGGED_MODEL_" + given.Text),
        _ => given,
    };
}
