using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Search;

namespace Baton.Server.Runs.LoggedModels;

/// <summary>
/// Orders logged models by attributes, or by <c>metrics.NAME</c>: its latest point by time and step, of one dataset where one is named. The later
/// creation comes first among equals.
/// </summary>
internal static class LoggedModelOrder
{
    private const int MostOrders = 20;
    private const string MetricPrefix = "metrics.";

    public static IReadOnlyList<SortKey> KeysOf(IReadOnlyList<LoggedModelOrdering> orders, SqlText sql)
    {
        if (orders.Count > MostOrders)
            throw Refusal.Invalid($"Invalid order_by: it has {orders.Count} items, and at most {MostOrders} are taken.");
        var keys = new List<SortKey>();
        var seen = new HashSet<string>();
        foreach (var order in orders)
        {
            var (name, key) = KeyOf(order, sql);
            if (!seen.Add(name))
                throw Refusal.Invalid($"`order_by` contains duplicate fields: ['{SearchErrors.Cut(order.FieldName)}']. Name each field once.");
            keys.Add(key);
        }

        if (!seen.Contains("creation_timestamp"))
            keys.Add(new SortKey("m.created_at", SortType.Integer, Descending: true));
        if (!seen.Contains("model_id"))
            keys.Add(new SortKey("m.model_id", SortType.Text));
        return keys;
    }

    private static (string Name, SortKey Key) KeyOf(LoggedModelOrdering order, SqlText sql)
    {
        var descending = !order.Ascending;
        if (order.FieldName.StartsWith(MetricPrefix, StringComparison.Ordinal) && order.FieldName.Length > MetricPrefix.Length)
        {
            var key = Unquoted(order.FieldName[MetricPrefix.Length..]);
            var row = "logged_model_metrics x WHERE x.project = m.project AND x.model_id = m.model_id "
                + $"AND x.key = {sql.Add(key)}{LoggedModelFields.On(order.Dataset is { } dataset ? [dataset] : [], sql)} ORDER BY x.at DESC, x.step DESC, x.value DESC LIMIT 1";
            return ($"{MetricPrefix}{key}\n{order.Dataset}", new SortKey(
                $"(SELECT CASE WHEN x.is_nan THEN NULL ELSE x.value END FROM {row})",
                SortType.Real,
                descending,
                $"COALESCE((SELECT CASE WHEN x.is_nan THEN 1 ELSE 0 END FROM {row}), 2)"));
        }

        if (!LoggedModelLanguage.Language.Orders.TryGetValue(order.FieldName, out var attribute))
            throw Refusal.Invalid($"Invalid order by field name: '{SearchErrors.Cut(order.FieldName)}'. Expected metrics.<name> or one of "
                + $"{SearchErrors.Names(LoggedModelLanguage.Language.Orders.Keys)}." + SearchErrors.DidYouMean(order.FieldName, LoggedModelLanguage.Language.Orders.Keys));
        return (attribute.Name, attribute.Name switch
        {
            "creation_timestamp" => new SortKey("m.created_at", SortType.Integer, descending),
            "last_updated_timestamp" => new SortKey("m.updated_at", SortType.Integer, descending),
            "experiment_id" or "status" => new SortKey($"m.{attribute.Name}", SortType.Integer, descending),
            "artifact_location" => new SortKey("m.artifact_uri", SortType.Text, descending),
            _ => new SortKey($"m.{attribute.Name}", SortType.Text, descending),
        });
    }

    private static string Unquoted(string key) => key is ['`', .., '`'] or ['"', .., '"'] && key.Length > 2 ? key[1..^1] : key;
}
