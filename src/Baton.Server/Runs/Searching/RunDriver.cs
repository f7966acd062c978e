using Baton.Server.Platform.Search;

namespace Baton.Server.Runs.Searching;

/// <summary>A condition that an index answers: where few runs meet it, a search begins with those.</summary>
internal sealed class RunDriver(Comparison comparison, RunFields fields, string project)
{
    /// <summary>The conditions of a filter that a search can begin with: each of them holds for everything it finds.</summary>
    public static IEnumerable<RunDriver> Of(Condition? condition, RunFields fields, string project) => (condition switch
    {
        AllOf all => all.Parts.SelectMany(part => part is AllOf inner ? inner.Parts : [part]),
        null => [],
        _ => [condition],
    }).OfType<Comparison>().Where(IsIndexed).Select(c => new RunDriver(c, fields, project));

    /// <summary>The condition.</summary>
    public Comparison Comparison => comparison;

    /// <summary>A table <c>d</c> of run numbers, each once, and the conditions on it.</summary>
    public (string From, string Where) Rows(SqlText sql) => comparison.Field switch
    {
        { Kind: FieldKind.Metric } field => (
            "latest_metrics d", $"d.key_no = {fields.Key(field.Key, sql)} AND d.is_nan = FALSE AND {ConditionSql.OfValue("d.value", comparison, sql)}"),
        { Kind: FieldKind.Attribute } => ("runs d", $"d.project = {sql.Add(project)} AND {ConditionSql.OfValue("d.run_id", comparison, sql)}"),
        { Kind: FieldKind.Dataset } => (
            "(SELECT DISTINCT x.run_no FROM run_inputs i JOIN runs x ON x.project = i.project AND x.run_id = i.run_id "
            + $"WHERE i.project = {sql.Add(project)} AND {ConditionSql.OfValue("i.name", comparison, sql)}) d",
            "d.run_no > 0"),
        var field => (
            field.Kind == FieldKind.Param ? "run_params d" : "run_tags d",
            $"d.key_no = {fields.Key(field.Key, sql)} AND {RunFields.IndexedEquals("d.value", comparison, sql)}"),
    };

    private static bool IsIndexed(Comparison comparison) => comparison switch
    {
        { Field: { Kind: FieldKind.Metric, Reading.Value: MetricValue.Latest }, Comparator: var how } =>
            how is Comparator.Equal or Comparator.Less or Comparator.LessOrEqual or Comparator.Greater or Comparator.GreaterOrEqual or Comparator.Between,
        { Field: { Kind: FieldKind.Attribute, Key: "run_id" }, Comparator: var how } => how is Comparator.Equal or Comparator.In,
        { Field: { Kind: FieldKind.Dataset, Key: "name" }, Comparator: var how } => how is Comparator.Equal,
        { Field.Kind: FieldKind.Param or FieldKind.Tag, Comparator: var how } => how is Comparator.Equal,
        _ => false,
    };
}
