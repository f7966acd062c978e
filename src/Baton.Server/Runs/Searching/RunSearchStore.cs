using Baton.Database;
using Baton.Server.Platform.Search;

namespace Baton.Server.Runs.Searching;

/// <summary>
/// All SQL that finds runs. A search that a condition or its experiments narrow down to few runs gathers and sorts those; else it walks an index in
/// the order asked for, by start or by a metric's values, until the page is full. Either way a page costs what the first one costs.
/// </summary>
/// <param name="runs">Loads what was logged to those found.</param>
/// <param name="fewRuns">Up to how many are gathered.</param>
internal sealed class RunSearchStore(RunsStore runs, int fewRuns = RunSearchStore.FewRuns)
{
    private const int FewRuns = 4_000;
    private const int MostArms = 16;

    // A list of so many runs is made as fast as a large page's runs are looked at one by one.
    private const int ListedRuns = 20_000;
    private const int LargePage = 500;

    private static readonly string Columns = string.Join(", ", RunsStore.RunColumns.Split(", ").Select(c => "r." + c));
    private static readonly int ColumnCount = Columns.Count(c => c == ',') + 1;

    /// <summary>A page of runs with what was logged to them.</summary>
    public async Task<Found<Run>> FindAsync(Session session, string project, RunSearch search, string? token, long limit)
    {
        var keys = await RunKeys.ResolveAsync(session, project, search);
        search = keys.Search;
        var statement = new SqlText(session.Dialect);
        var (_, order) = Sorted(search, keys.Fields, 0, statement);
        var after = PageToken.Read(token, search.Digest, order);
        var page = new PageRows<Run>(limit, RunsStore.RunOf, ColumnCount, order);
        var context = new Context(session, project, search, keys.Fields, after, page);
        var driver = await FewestAsync(context);
        if (driver is { IsFew: true } || !Walks(search))
            await GatherAsync(context, driver?.Driver);
        else
            await WalkAsync(context);
        var found = page.Ended(search.Digest);
        return found with { Rows = await runs.LoadRunsAsync(session, project, found.Rows) };
    }

    private static bool Walks(RunSearch search) => search.Orders is []
        || search.Orders[0].Field is { Kind: FieldKind.Attribute, Key: "start_time" } or { Kind: FieldKind.Metric, Reading.Value: MetricValue.Latest };

    // Counts what each way would begin with, up to where it is no longer few.
    private async Task<(RunDriver? Driver, bool IsFew)?> FewestAsync(Context context)
    {
        var sql = new SqlText(context.Session.Dialect);
        var most = sql.Add(context.Page.Wanted > LargePage ? Math.Max(fewRuns, ListedRuns) : (long)fewRuns);
        var drivers = RunDriver.Of(context.Search.Condition, context.Fields, context.Project).ToList();
        var counts = new List<string> { $"(SELECT COUNT(*) FROM (SELECT 1 FROM runs r WHERE {Experiments(context, sql)} LIMIT {most}) c)" };
        foreach (var driver in drivers)
        {
            var (from, where) = driver.Rows(sql);
            counts.Add($"(SELECT COUNT(*) FROM (SELECT 1 FROM {from} WHERE {where} LIMIT {most}) c)");
        }

        (RunDriver? Driver, bool IsFew)? best = null;
        await context.Session.ReadPreparedAsync(
            "SELECT " + string.Join(", ", counts),
            row =>
            {
                var least = Enumerable.Range(0, counts.Count).MinBy(row.Integer);
                best = (least == 0 ? null : drivers[least - 1], row.Integer(least) < fewRuns);
                for (var i = 0; i < drivers.Count && context.Page.Wanted > LargePage; i++)
                {
                    if (row.Integer(i + 1) < ListedRuns)
                        context.Fields.List(drivers[i].Comparison);
                }
            },
            sql.Values);
        return best;
    }

    private static async Task GatherAsync(Context context, RunDriver? driver)
    {
        var sql = new SqlText(context.Session.Dialect);
        var fields = driver is null ? context.Fields : context.Fields.From("d.run_no");
        var (joins, order) = Sorted(context.Search, fields, 0, sql);
        var where = new List<string>();
        var from = "runs r";
        if (driver is not null)
        {
            var rows = driver.Rows(sql);
            from = $"{rows.From} CROSS JOIN runs r";
            where.Add(rows.Where);
            where.Add("r.run_no = d.run_no");
        }

        where.Add(Scope(context, fields, Experiments(context, sql), sql));
        if (context.After is { } after)
            where.Add(Keyset.After(order, after, sql));
        await ReadAsync(context, Select(string.Join(", ", order.Select(k => k.Columns)), from + joins, where, order, context.Page.Wanted, sql), sql);
    }

    private static async Task WalkAsync(Context context)
    {
        if (context.Search.Orders is not [{ Field.Kind: FieldKind.Metric }, ..])
        {
            await WalkRunsAsync(context, null);
            return;
        }

        // First the runs with a number, in its order; then those with NaN; then those without the metric.
        var from = context.After?[0].Rank ?? 0;
        for (var rank = from; rank <= 2 && !context.Page.More; rank++)
        {
            var onwards = context.After is { } after && rank == from ? after : null;
            if (rank == 2)
                await WalkRunsAsync(context, onwards);
            else
                await WalkMetricAsync(context, rank, onwards);
        }
    }

    private static async Task WalkMetricAsync(Context context, long rank, IReadOnlyList<SortValue>? after)
    {
        var sql = new SqlText(context.Session.Dialect);
        var lead = context.Search.Orders[0];
        var fields = context.Fields.From("o0.run_no");
        var (joins, rest) = Sorted(context.Search, fields, 1, sql);
        var where = new List<string>
        {
            $"o0.key_no = {context.Fields.Key(lead.Field.Key, sql)}", rank == 0 ? "o0.is_nan = FALSE" : "o0.is_nan = TRUE", "r.run_no = o0.run_no",
            Scope(context, fields, Experiments(context, sql), sql),
        };
        IReadOnlyList<SortKey> order = rank == 0 ? [new SortKey("o0.value", SortType.Real, lead.Descending), .. rest] : rest;
        if (after is not null)
            where.Add(Keyset.After(order, rank == 0 ? after : [.. after.Skip(1)], sql));
        var columns = string.Join(", ", rest.Select(k => k.Columns).Prepend(rank == 0 ? "0, o0.value" : "1, NULL"));
        await ReadAsync(context, Select(columns, "latest_metrics o0 CROSS JOIN runs r" + joins, where, order, context.Page.Wanted, sql), sql);
    }

    // Runs by start. With a few experiments each gives its own first rows, which an index has in order.
    private static async Task WalkRunsAsync(Context context, IReadOnlyList<SortValue>? metricAfter)
    {
        var withoutMetric = context.Search.Orders is [{ Field.Kind: FieldKind.Metric }, ..];
        var sql = new SqlText(context.Session.Dialect);
        var ids = context.Search.ExperimentIds;
        var arms = ids.Count <= MostArms ? ids.Select(id => $"r.project = {sql.Add(context.Project)} AND r.experiment_id = {sql.Add(id)}") : [Experiments(context, sql)];
        var texts = new List<string>();
        foreach (var experiments in arms)
        {
            var (joins, order) = Sorted(context.Search, context.Fields, withoutMetric ? 1 : 0, sql);
            var where = new List<string> { Scope(context, context.Fields, experiments, sql) };
            var columns = string.Join(", ", order.Select(k => k.Columns));
            if (withoutMetric)
            {
                var key = context.Fields.Key(context.Search.Orders[0].Field.Key, sql);
                where.Add($"NOT EXISTS (SELECT 1 FROM latest_metrics o0 WHERE o0.run_no = r.run_no AND o0.key_no = {key} LIMIT 1)");
                columns = "2, NULL, " + columns;
            }

            if (withoutMetric && metricAfter is not null)
                where.Add(Keyset.After(order, [.. metricAfter.Skip(1)], sql));
            else if (!withoutMetric && context.After is { } after)
                where.Add(Keyset.After(order, after, sql));
            texts.Add(Select(columns, "runs r" + joins, where, order, context.Page.Wanted, sql));
        }

        if (texts.Count == 1)
        {
            await ReadAsync(context, texts[0], sql);
            return;
        }

        var first = ColumnCount + (withoutMetric ? 2 : 0);
        var (_, keys) = Sorted(context.Search, context.Fields, withoutMetric ? 1 : 0, new SqlText(context.Session.Dialect));
        var together = string.Join(", ", keys.Select((key, i) => $"{(key.Rank is null ? "" : $"{first + 2 * i + 1}, ")}{first + 2 * i + 2}{(key.Descending ? " DESC" : "")}"));
        var union = string.Join(" UNION ALL ", texts.Select((text, i) => $"SELECT * FROM ({text}) a{i}"));
        await ReadAsync(context, $"{union} ORDER BY {together} LIMIT {sql.Add(context.Page.Wanted)}", sql);
    }

    private static Task ReadAsync(Context context, string text, SqlText sql) => context.Session.ReadPreparedAsync(text, context.Page.Take, sql.Values);

    private static string Select(string orderColumns, string from, IEnumerable<string> where, IReadOnlyList<SortKey> order, long limit, SqlText sql) =>
        $"SELECT {Columns}, {orderColumns} FROM {from} WHERE {string.Join(" AND ", where)} ORDER BY {Keyset.Order(order)} LIMIT {sql.Add(limit)}";

    private static string Experiments(Context context, SqlText sql) => $"r.project = {sql.Add(context.Project)} AND " + (context.Search.ExperimentIds is [var one]
        ? $"r.experiment_id = {sql.Add(one)}"
        : sql.Dialect.Among("r.experiment_id", sql.Add(context.Search.ExperimentIds.ToArray())));

    private static string Scope(Context context, RunFields fields, string experiments, SqlText sql) => experiments
        + (context.Search.Lifecycle is { } stage ? $" AND r.lifecycle_stage = {sql.Add(stage)}" : "")
        + (context.Search.Condition is { } condition ? " AND " + ConditionSql.Of(condition, fields, sql) : "");

    // The order asked for from one of its items on, then the later start, then the id.
    private static (string Joins, IReadOnlyList<SortKey> Keys) Sorted(RunSearch search, RunFields fields, int from, SqlText sql)
    {
        var joins = "";
        var keys = new List<SortKey>();
        for (var i = from; i < search.Orders.Count; i++)
        {
            var (join, key) = fields.Order(search.Orders[i], $"o{i}", sql);
            joins += join;
            keys.Add(key);
        }

        if (!search.Orders.Any(o => o.Field is { Kind: FieldKind.Attribute, Key: "start_time" }))
            keys.Add(new SortKey("r.started_at", SortType.Integer, Descending: true));
        if (!search.Orders.Any(o => o.Field is { Kind: FieldKind.Attribute, Key: "run_id" }))
            keys.Add(new SortKey("r.run_id", SortType.Text));
        return (joins, keys);
    }

    private sealed record Context(
        Session Session, string Project, RunSearch Search, RunFields Fields, IReadOnlyList<SortValue>? After, PageRows<Run> Page);
}
