using Baton.Database;
using Baton.Server.Platform.Search;

namespace Baton.Server.Runs.Searching;

/// <summary>A search whose names are those of the project: keys have numbers, attributes that are tags are tags, and of a metric <c>loss.min</c> it is known which is meant.</summary>
internal sealed record RunKeys(RunSearch Search, RunFields Fields)
{
    public static async Task<RunKeys> ResolveAsync(Session session, string project, RunSearch search)
    {
        var condition = search.Condition?.About(WithTag);
        var orders = search.Orders.Select(o => o.Field is { Kind: FieldKind.Attribute, Key: "run_name" } ? o : o with { Field = WithTag(o.Field) }).ToList();
        var fields = (condition?.Comparisons.Select(c => c.Field) ?? []).Concat(orders.Select(o => o.Field)).ToList();
        var keys = fields.SelectMany(KeysOf).Distinct().ToArray();
        var numbers = new Dictionary<string, long>();
        if (keys.Length > 0)
            await session.ReadPreparedAsync(
                $"SELECT key, key_no FROM log_keys WHERE project = $1 AND {session.Dialect.Among("key", "$2")}",
                row => numbers[row.Text(0)] = row.Integer(1),
                project,
                keys);
        var meant = await MetricKeys.MeaningAsync(session, project, fields);
        return new RunKeys(
            search with { Condition = condition?.About(meant), Orders = [.. orders.Select(o => o with { Field = meant(o.Field) })] },
            new RunFields(numbers));
    }

    private static Field WithTag(Field field) =>
        field.Kind == FieldKind.Attribute && RunLanguage.Tags.TryGetValue(field.Key, out var tag) ? new Field(FieldKind.Tag, tag) : field;

    private static IEnumerable<string> KeysOf(Field field) => field.Kind switch
    {
        FieldKind.Metric when field.Reading!.Value == MetricValue.Best => [field.Key, MetricGoal.TagPrefix + field.Key, field.WholeKey ?? field.Key],
        FieldKind.Metric => [field.Key, field.WholeKey ?? field.Key],
        FieldKind.Param or FieldKind.Tag => [field.Key],
        _ => [],
    };
}
