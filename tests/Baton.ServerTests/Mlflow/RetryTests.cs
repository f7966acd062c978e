using Baton.Database;
using Baton.Testing;
using Xunit;

namespace Baton.ServerTests.Mlflow;

/// <summary>
/// A client that lost a reply sends its request again: what doubles then, and what does not. The table of <c>docs/mlflow-compatibility.md</c> says the same.
/// </summary>
public sealed class RetryTests(EngineServers servers) : IClassFixture<EngineServers>
{
    public static TheoryData<string, Engine> Calls() => Calls(Call.All);

    public static TheoryData<string, Engine> MakingCalls() => Calls(Call.All.Where(c => c.TakesKey));

    private static TheoryData<string, Engine> Calls(IEnumerable<Call> calls)
    {
        var data = new TheoryData<string, Engine>();
        foreach (var call in calls)
        {
            data.Add(call.ToString(), Engine.Sqlite);
            data.Add(call.ToString(), Engine.Postgres);
        }

        return data;
    }

    [Theory, MemberData(nameof(Calls))]
    public async Task Sent_again_it_does_what_the_table_says(string name, Engine engine)
    {
        var call = Call.All.Single(c => c.ToString() == name);
        var world = await World.SeededAsync(servers[engine]);
        await call.PrepareAsync(world);
        var seeded = await world.SnapshotAsync();
        var first = await call.SendAsync(world);
        Assert.True(first.Status == 200, $"{call}: {first}");
        var after = await world.SnapshotAsync();
        Assert.NotEqual(seeded, after);

        var second = await call.SendAsync(world);

        Assert.Equal(call.Again is Again.Refused ? call.Code : null, second.Code);
        if (call.Again is Again.Doubles)
            Assert.NotEqual(after, await world.SnapshotAsync());
        else
            Assert.Equal(after, await world.SnapshotAsync());
    }

    [Theory, MemberData(nameof(MakingCalls))]
    public async Task With_an_idempotency_key_nothing_doubles(string name, Engine engine)
    {
        var call = Call.All.Single(c => c.ToString() == name);
        var world = await World.SeededAsync(servers[engine]);
        var first = await call.SendAsync(world, once: "4f1d");
        Assert.True(first.Status == 200, $"{call}: {first}");
        var after = await world.SnapshotAsync();

        var second = await call.SendAsync(world, once: "4f1d");

        Assert.Equal(first with { Replayed = true }, second);
        Assert.Equal(after, await world.SnapshotAsync());
        Assert.Equal(call.Again is Again.Doubles ? null : call.Code, (await call.SendAsync(world, once: "4f1e")).Code);
        Assert.Equal(call.Again is not Again.Doubles, after == await world.SnapshotAsync());
    }

    [Fact]
    public void The_documentation_has_this_table()
    {
        var page = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "mlflow-compatibility.md")).ToHashSet();
        Assert.All(Call.All, call => Assert.Contains(Row(call), page));
    }

    [Theory, EachDatabase]
    public async Task Two_clients_make_the_same_thing_at_once_and_one_has_made_it(Engine engine)
    {
        var world = await World.SeededAsync(servers[engine]);
        for (var round = 0; round < 10; round++)
        {
            await OneOfManyAsync(world, "experiments/create", new { name = $"e{round}" }, $"Experiment(name=e{round}) already exists.");
            await OneOfManyAsync(world, "registered-models/create", new { name = $"m{round}" }, $"Registered Model (name=m{round}) already exists.");
            var versions = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => world.DoneAsync("model-versions/create", new { name = $"m{round}", source = $"runs:/{world.RunId}/model", run_id = world.RunId })));
            Assert.Equal(["1", "2", "3", "4"], versions.Select(v => v["model_version"]!["version"]!.GetValue<string>()).Order());
            await Task.WhenAll(Enumerable.Range(1, 4).Select(v => world.DoneAsync("registered-models/alias", new { name = $"m{round}", alias = "champion", version = $"{v}" })));
            var aliases = (await world.ReadAsync($"registered-models/get?name=m{round}"))["registered_model"]!["aliases"]!.AsArray();
            var champion = (await world.ReadAsync($"registered-models/alias?name=m{round}&alias=champion"))["model_version"]!["version"]!.GetValue<string>();
            Assert.Equal(champion, Assert.Single(aliases)!["version"]!.GetValue<string>());
        }
    }

    [Theory, EachDatabase]
    public async Task Two_clients_log_the_same_at_once_and_it_is_there_once(Engine engine)
    {
        var world = await World.SeededAsync(servers[engine]);
        var body = new { run_id = world.RunId, metrics = Enumerable.Range(0, 50).Select(i => new { key = $"k{i}", value = i, timestamp = 9, step = 0 }), @params = new[] { new { key = "p", value = "1" } } };
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => world.DoneAsync("runs/log-batch", body)));
        Assert.Single((await world.ReadAsync($"metrics/get-history?run_id={world.RunId}&metric_key=k7"))["metrics"]!.AsArray());

        var conflicts = await Task.WhenAll(Enumerable.Range(0, 4).Select(v => world.PostAsync("runs/log-parameter", new { run_id = world.RunId, key = "once", value = $"{v}" })));
        Assert.Single(conflicts, c => c.Status == 200);
        Assert.All(conflicts.Where(c => c.Status != 200), c => Assert.Contains("Changing param values is not allowed.", c.Message, StringComparison.Ordinal));
    }

    private static async Task OneOfManyAsync(World world, string route, object body, string message)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => world.PostAsync(route, body)));
        Assert.Single(answers, a => a.Status == 200);
        Assert.All(answers.Where(a => a.Status != 200), a =>
        {
            Assert.Equal((400, "RESOURCE_ALREADY_EXISTS"), (a.Status, a.Code));
            Assert.StartsWith(message, a.Message, StringComparison.Ordinal);
        });
    }

    private static string Row(Call call) => $"| `{call}` | {call.Again switch
    {
        Again.Same => "nothing changes",
        Again.Doubles => "makes a second one",
        _ => $"refused: `{call.Code}`",
    }} | {(call.TakesKey ? "the first answer again" : "")} |";
}
