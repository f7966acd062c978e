using Baton.Server.Platform.Search;

namespace Baton.Server.Registry;

/// <summary>What the searches of models and of versions have in common.</summary>
internal static class RegistrySearch
{
    public static IReadOnlyDictionary<string, FieldKind> Entities { get; } = new Dictionary<string, FieldKind>
    {
        ["tags"] = FieldKind.Tag,
        ["tag"] = FieldKind.Tag,
        ["attributes"] = FieldKind.Attribute,
        ["attribute"] = FieldKind.Attribute,
        ["attr"] = FieldKind.Attribute,
    };

    public static string UnknownEntity(string word) => $"Invalid entity type '{word}'. Valid entity types are ('attribute', 'tag', 'tags')";

    /// <summary>The conditions of a search; without prompts unless the filter speaks of them.</summary>
    public static List<string> Where(string row, string tags, Condition? condition, IFieldSql fields, string project, SqlText sql)
    {
        List<string> where = [$"{row}.project = {sql.Add(project)}"];
        if (condition is not null)
            where.Add(ConditionSql.Of(condition, fields, sql));
        if (condition?.Comparisons.Any(c => c.Field is { Kind: FieldKind.Tag, Key: RegisteredModel.PromptTag }) != true)
            where.Add(NoPrompt(tags, sql));
        return where;
    }

    /// <summary>
    /// A condition on a tag. What clients ask of every search, <c>tag.`mlflow.prompt.is_prompt` != 'true'</c>, holds for what has no such tag,
    /// against the rule that a missing tag never matches; so does <c>= 'false'</c>.
    /// </summary>
    public static string Tag(string tags, Comparison comparison, SqlText sql) => comparison switch
    {
        { Field.Key: RegisteredModel.PromptTag, Comparator: Comparator.NotEqual, Values: [{ Text: "true" }] }
            or { Field.Key: RegisteredModel.PromptTag, Comparator: Comparator.Equal, Values: [{ Text: "false" }] } => NoPrompt(tags, sql),
        _ => ConditionSql.OfRow($"{tags} AND t.key = {sql.Add(comparison.Field.Key)}", "t.value", comparison, sql),
    };

    private static string NoPrompt(string tags, SqlText sql) =>
        $"NOT EXISTS (SELECT 1 FROM {tags} AND t.key = {sql.Add(RegisteredModel.PromptTag)} AND LOWER(t.value) = 'true')";
}
