using Baton.Server.Platform.Search;

namespace Baton.Server.Runs.Searching;

/// <summary>The words of filters and orders of runs.</summary>
internal static class RunLanguage
{
    private static readonly SearchAttribute[] Attributes =
    [
        new("run_id"), new("run_name"), new("status"), new("artifact_uri"), new("user_id"), new("start_time", IsNumber: true), new("end_time", IsNumber: true),
        new("duration", IsNumber: true), new("lifecycle_stage"), new("experiment_id", TakesNumber: true), new("git_commit"), new("parent_run_id"), new("source"),
    ];

    private static readonly string[] Aliases = ["run name=run_name", "Run name=run_name", "Run Name=run_name", "created=start_time", "Created=start_time"];

    public static SearchLanguage Language { get; } = new()
    {
        Subject = "runs",
        Entities = new Dictionary<string, FieldKind>
        {
            ["metrics"] = FieldKind.Metric,
            ["metric"] = FieldKind.Metric,
            ["params"] = FieldKind.Param,
            ["param"] = FieldKind.Param,
            ["parameters"] = FieldKind.Param,
            ["parameter"] = FieldKind.Param,
            ["tags"] = FieldKind.Tag,
            ["tag"] = FieldKind.Tag,
            ["attributes"] = FieldKind.Attribute,
            ["attribute"] = FieldKind.Attribute,
            ["attr"] = FieldKind.Attribute,
            ["run"] = FieldKind.Attribute,
            ["datasets"] = FieldKind.Dataset,
            ["dataset"] = FieldKind.Dataset,
        },
        Attributes = SearchLanguage.Table(Attributes, Aliases),
        Orders = SearchLanguage.Table(Attributes, Aliases),
        OrderKinds = new HashSet<FieldKind> { FieldKind.Metric, FieldKind.Param, FieldKind.Tag },
        UnknownEntity = word => $"Invalid entity type '{word}'. Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']",
    };

    /// <summary>Attributes that are tags of the run, by MLflow's names of them. A run's name is filtered by its tag and ordered by its column, as MLflow does.</summary>
    public static IReadOnlyDictionary<string, string> Tags { get; } = new Dictionary<string, string>
    {
        ["run_name"] = "mlflow.runName",
        ["git_commit"] = "mlflow.source.git.commit",
        ["parent_run_id"] = "mlflow.parentRunId",
        ["source"] = "mlflow.source.name",
    };
}
