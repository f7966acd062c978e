using Baton.Database;
using Baton.Server;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Events;
using Baton.Server.Platform.Ids;
using Baton.Server.Platform.Ledger;
using Baton.Server.Runs;
using Baton.Server.Runs.Searching;
using Baton.Testing;
using CsCheck;
using Xunit;

namespace Baton.ServerTests;

/// <summary>Searches of runs against an oracle in memory: random filters and orders, page by page, whichever way the runs are found.</summary>
public sealed class SearchRunsTests
{
    private const string Project = "default";
    private static readonly ServerOptions Options = new() { DataDirectory = "none", Database = "none" };
    private static readonly IReadOnlyList<OracleRun> Runs = SearchOracle.Runs();

    private static readonly Gen<(OracleFilter? Filter, OracleOrder[] Orders, string? Stage, long[] Experiments, int Page, int Few)> Searches = Gen.Select(
        SearchOracle.Filters.Null(0.1),
        SearchOracle.Orders.Array[0, 3],
        Gen.OneOf<string?>("active", "active", "deleted", null),
        Gen.OneOf(new long[] { 1 }, new long[] { 2, 3 }, new long[] { 1, 2, 3 }, new long[] { 1, 99 }, new long[] { 99 }),
        Gen.OneOf(1, 3, 7, 40, 1000),
        Gen.OneOf(0, 0, 20, 4000));

    [Theory, EachDatabase]
    public async Task A_search_finds_what_the_oracle_finds_in_its_order(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using var database = await test.OpenAsync();
        await database.WriteAsync(async sql =>
        {
            await SearchOracle.StoreAsync(sql, Project, Runs);
            return true;
        });
        await Searches.Where(s => s.Orders.Select(o => o.Text.Split(' ')[0]).Distinct().Count() == s.Orders.Length).SampleAsync(
            async search =>
            {
                var expected = Expected(search.Filter, search.Orders, search.Stage, search.Experiments);
                var found = await AllPagesAsync(database, search.Filter?.Text, search.Orders.Select(o => o.Text).ToArray(), search.Stage, search.Experiments, search.Page, search.Few);

                Assert.True(expected.SequenceEqual(found), $"{search.Filter?.Text} by {string.Join(", ", search.Orders.Select(o => o.Text))} in {string.Join(",", search.Experiments)} "
                    + $"({search.Stage}, pages of {search.Page}, few is {search.Few})\nexpected {string.Join(" ", expected)}\nfound    {string.Join(" ", found)}");
            },
            iter: 400,
            threads: 1);
    }

    [Theory, EachDatabase]
    public async Task A_metric_whose_name_ends_in_min_comes_before_the_least_value_of_another(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using var database = await test.OpenAsync();
        await database.WriteAsync(async sql =>
        {
            await SearchOracle.StoreAsync(sql, Project, Runs);
            return true;
        });
        var least = await AllPagesAsync(database, "metrics.loss.min <= 0", [], null, [1, 2, 3], 1000, 4000);
        await database.WriteAsync(async sql =>
        {
            await sql.ExecuteAsync("INSERT INTO log_keys (key_no, project, key) VALUES (100, 'default', 'loss.min'), (101, 'default', 'acc.min')");
            return await sql.ExecuteAsync(
                """
                INSERT INTO latest_metrics (run_no, key_no, at, step, step_micros, value, is_nan, min_value, max_value) VALUES (7, 100, 1, 0, 0, -1, FALSE, -1, -1)
                """);
        });

        Assert.Equal([7L], await AllPagesAsync(database, "metrics.loss.min <= 0", [], null, [1, 2, 3], 1000, 4000));
        Assert.Equal([7L], await AllPagesAsync(database, "metrics.`loss.min` <= 0", [], null, [1, 2, 3], 1000, 4000));
        Assert.Equal(least, await AllPagesAsync(database, "metrics.`loss`.min <= 0", [], null, [1, 2, 3], 1000, 4000));
        Assert.NotEmpty(await AllPagesAsync(database, "metrics.acc.min <= 0", [], null, [1, 2, 3], 1000, 4000));
    }

    [Theory, EachDatabase]
    public async Task Text_of_any_kind_finds_nothing_and_breaks_nothing(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using var database = await test.OpenAsync();
        await database.WriteAsync(async sql =>
        {
            await SearchOracle.StoreAsync(sql, Project, Runs);
            return true;
        });
        var texts = Gen.String.Select(s => new string([.. s.Where(c => c is not ('\0' or '\'' or '`') && !char.IsSurrogate(c))]));
        await Gen.Select(texts.Where(t => t.Length > 0), texts, Gen.OneOf("=", "!=", "LIKE", "ILIKE", "NOT LIKE")).SampleAsync(
            async (key, value, how) =>
            {
                Assert.Empty(await AllPagesAsync(database, $"params.`x{key}` {how} '{value}'", [], null, [1], 10, 0));
                Assert.Empty(await AllPagesAsync(database, $"params.p = 'x{value}' OR metrics.`x{key}`.best > 0", [], null, [1], 10, 0));
                await AllPagesAsync(database, $"params.p {how} '{value}'", [$"tags.`x{key}`"], null, [1], 10, 4000);
            },
            iter: 50,
            threads: 1);
        Assert.Empty(await AllPagesAsync(database, $"params.p LIKE '{new string('[', 4000)}'", [], null, [1], 10, 4000));
        Assert.Empty(await AllPagesAsync(database, $"metrics.acc IN ({string.Join(",", Enumerable.Range(1000, 1000))})", [], null, [1], 10, 4000));
        Assert.Empty(await AllPagesAsync(database, string.Join(" AND ", Enumerable.Repeat("metrics.acc.best > 1e999", 100)), [], null, [1], 10, 4000));
        Assert.Empty(await AllPagesAsync(database, string.Concat(Enumerable.Repeat("NOT (", 50)) + "metrics.acc > 1e999" + new string(')', 50), [], null, [1], 10, 4000));
    }

    [Theory, EachDatabase]
    public async Task Long_values_are_told_apart_beyond_what_their_index_holds(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using var database = await test.OpenAsync();
        var (start, beyond) = (new string('é', 63), new string('x', 3000));
        var values = new[] { start, start + "a", start + "ab", start + "a" + beyond, start + "a" + beyond + "b" };
        await database.WriteAsync(async sql =>
        {
            await SearchOracle.StoreAsync(sql, Project, Runs);
            await sql.ExecuteAsync("INSERT INTO log_keys (key_no, project, key) VALUES (100, 'default', 'long')");
            foreach (var (value, no) in values.Select((v, i) => (v, i + 1)))
                await sql.ExecuteAsync("INSERT INTO run_params (run_no, key_no, value) VALUES (@no, 100, @value)", new { no, value });
            return true;
        });

        // Gathered from the index, by the list of a large page, and looked at one by one.
        foreach (var (page, few) in new[] { (10, 4000), (1000, 0), (10, 0) })
        {
            for (var i = 0; i < values.Length; i++)
                Assert.Equal([i + 1L], await AllPagesAsync(database, $"params.long = '{values[i]}'", [], null, [1, 2, 3], page, few));
            Assert.Empty(await AllPagesAsync(database, $"params.long = '{start}b'", [], null, [1, 2, 3], page, few));
        }
    }

    private static List<long> Expected(OracleFilter? filter, OracleOrder[] orders, string? stage, long[] experiments)
    {
        var matching = Runs.Where(r => experiments.Contains(r.Experiment) && (stage is null || r.Stage == stage) && filter?.Matches(r) != false).OrderBy(_ => 0);
        foreach (var order in orders)
            matching = order.Descending
                ? matching.ThenBy(r => order.Of(r).Rank).ThenByDescending(r => order.Of(r).Value)
                : matching.ThenBy(r => order.Of(r).Rank).ThenBy(r => order.Of(r).Value);
        if (!orders.Any(o => o.Text.StartsWith("start_time", StringComparison.Ordinal)))
            matching = matching.ThenByDescending(r => r.Start);
        return [.. matching.ThenBy(r => r.Id, StringComparer.Ordinal).Select(r => r.No)];
    }

    private static async Task<List<long>> AllPagesAsync(
        BatonDatabase database, string? filter, string[] orders, string? stage, long[] experiments, int page, int few)
    {
        var runs = new RunsStore(new LogKeys(), new RunLinksStore(), new ArrivalCount(), Options);
        var writes = new Writes(database, new IdSource(TimeProvider.System), TimeProvider.System, new EventSignal());
        var search = new SearchRuns(database, new RunSearchStore(runs, few), new ArrivedPoints(database, writes, runs));
        var caller = new Caller(Actor.LocalUser, Project);
        var (found, token) = (new List<long>(), (string?)null);
        do
        {
            var answer = await search.HandleAsync(caller, new RunSearchRequest(experiments, filter, orders, stage, page, token), CancellationToken.None);
            Assert.InRange(answer.Rows.Count, token is null ? 0 : 1, page);
            found.AddRange(answer.Rows.Select(r => r.RunNo));
            token = answer.Next;
        }
        while (token is not null);
        return found;
    }
}
