using Baton.Server.Platform.Search;

namespace Baton.Server.Runs.LoggedModels;

/// <summary>The words of filters of logged models. MLflow's dialect here knows the plural entities only; the rest of the grammar is that of all searches.</summary>
internal static class LoggedModelLanguage
{
    private static readonly SearchAttribute[] Attributes =
    [
        new("name"), new("model_id"), new("experiment_id", TakesNumber: true), new("model_type"), new("status", TakesNumber: true), new("source_run_id"),
        new("artifact_location"), new("lifecycle_stage"), new("creation_timestamp", IsNumber: true), new("last_updated_timestamp", IsNumber: true),
    ];

    public static SearchLanguage Language { get; } = new()
    {
        Subject = "logged models",
        Entities = new Dictionary<string, FieldKind>
        {
            ["metrics"] = FieldKind.Metric,
            ["params"] = FieldKind.Param,
            ["tags"] = FieldKind.Tag,
            ["attributes"] = FieldKind.Attribute,
        },
        Attributes = Table,
        Orders = Table,
        UnknownEntity = word => $"Invalid entity type: '{word}'. Expected one of ['attributes', 'metrics', 'params', 'tags'].",
    };

    private static IReadOnlyDictionary<string, SearchAttribute> Table => SearchLanguage.Table(
        Attributes,
        "creation_time=creation_timestamp", "creation_timestamp_ms=creation_timestamp", "last_updated_timestamp_ms=last_updated_timestamp", "artifact_uri=artifact_location");
}
