using Baton.Database;
using Baton.Testing;
using Xunit;

namespace Baton.UnitTests.Database;

/// <summary>The step that put what runs log under numbers takes along what older versions logged.</summary>
public sealed class TrackingUpgradeTests
{
    private const string Logged =
        """
        INSERT INTO experiments (project, experiment_id, name, artifact_location, lifecycle_stage, created_at, updated_at) VALUES ('p', 1, 'e', 'l', 'active', 1, 1);
        INSERT INTO runs (project, run_id, experiment_id, name, user_id, status, started_at, ended_at, artifact_uri, lifecycle_stage)
        VALUES ('p', 'b', 1, 'later', 'u', 'FINISHED', 20, 30, 'a/b', 'active'), ('p', 'a', 1, 'first', 'u', 'RUNNING', 10, NULL, 'a/a', 'deleted'),
            ('q', 'a', 1, 'other', 'u', 'RUNNING', 5, NULL, 'q/a', 'active');
        INSERT INTO run_params (project, run_id, key, value) VALUES ('p', 'a', 'lr', '0.1'), ('p', 'b', 'lr', '0.2'), ('q', 'a', 'lr', '9');
        INSERT INTO run_tags (project, run_id, key, value) VALUES ('p', 'a', 'lr', 'a tag');
        INSERT INTO metrics (project, run_id, key, at, step, value, is_nan)
        VALUES ('p', 'a', 'm', 1, 1, 5, FALSE), ('p', 'a', 'm', 1, 2, -3, FALSE), ('p', 'a', 'm', 0, 2, 8, FALSE), ('p', 'a', 'm', 9, 1, 0, TRUE),
            ('p', 'b', 'm', 1, 1, 0, TRUE), ('q', 'a', 'm', 1, 1, 7, FALSE);
        INSERT INTO latest_metrics (project, run_id, key, at, step, value, is_nan) VALUES ('p', 'a', 'm', 1, 2, -3, FALSE);
        """;

    [Theory, EachDatabase]
    public async Task What_was_logged_is_there_after_the_upgrade(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        IReadOnlyList<Migration> Old(Engine of) => [.. Migration.Embedded(of).Where(step => step.Number < 9)];
        await using (var old = await BatonDatabase.OpenAsync(test.Connection, TimeProvider.System, Old))
            await old.WriteAsync(session => session.ExecuteAsync(Logged));

        await using var database = await test.OpenAsync();

        var runs = await QueryAsync(database, "SELECT project || ' ' || run_id || ' ' || name || ' ' || lifecycle_stage FROM runs ORDER BY run_no");
        Assert.Equal(["q a other active", "p a first deleted", "p b later active"], runs);
        Assert.Equal(
            ["p a lr 0.1", "p b lr 0.2", "q a lr 9"],
            await QueryAsync(database, "SELECT r.project || ' ' || run_id || ' ' || key || ' ' || value FROM run_params JOIN runs r USING (run_no) JOIN log_keys USING (key_no) ORDER BY 1"));
        Assert.Equal(["a tag"], await QueryAsync(database, "SELECT value FROM run_tags"));
        Assert.Equal(["6"], await QueryAsync(database, "SELECT CAST(COUNT(*) AS TEXT) FROM metrics WHERE step_micros = 0"));
        var latest = await database.ReadAsync(session => session.QueryAsync<Latest>(
            "SELECT run_id, at, step, value, is_nan, min_value, max_value FROM latest_metrics JOIN runs r USING (run_no) WHERE r.project = 'p' ORDER BY run_id"));
        Assert.Equal(
            [new Latest { RunId = "a", At = 1, Step = 2, Value = -3, MinValue = -3, MaxValue = 8 }, new Latest { RunId = "b", At = 1, Step = 1, IsNan = true }],
            latest);
    }

    private static Task<IReadOnlyList<string>> QueryAsync(BatonDatabase database, string sql) => database.ReadAsync(session => session.QueryAsync<string>(sql));

    private sealed record Latest
    {
        public string RunId { get; init; } = "";

        public long At { get; init; }

        public long Step { get; init; }

        public double Value { get; init; }

        public bool IsNan { get; init; }

        public double? MinValue { get; init; }

        public double? MaxValue { get; init; }
    }
}
