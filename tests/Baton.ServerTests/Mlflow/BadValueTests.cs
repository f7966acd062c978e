using System.Text.Json;
using System.Text.Json.Nodes;
using Baton.Database;
using Baton.Testing;
using Xunit;

namespace Baton.ServerTests.Mlflow;

/// <summary>Values that are wrong in every place of every call that writes: refused in words, never a fault of the server, and nothing of it is stored.</summary>
public sealed class BadValueTests(EngineServers servers) : IClassFixture<EngineServers>
{
    private static readonly string Large = new('x', 10 * 1024 * 1024);
    private static readonly string Deep = new string('[', 1000) + new string(']', 1000);

    /// <summary>What JSON may hold instead of a value of each kind, and is no spelling of it that MLflow's clients use.</summary>
    private static readonly IReadOnlyDictionary<JsonValueKind, string[]> Wrong = new Dictionary<JsonValueKind, string[]>
    {
        [JsonValueKind.String] = ["5", "1.5", "true", "[]", "[\"x\"]", "{}", "{\"a\":1}"],
        [JsonValueKind.Number] = ["\"abc\"", "\"\"", "\"1 \\u0000\"", "[]", "[1]", "{}"],
        [JsonValueKind.False] = ["\"maybe\"", "[]", "{}", "2.5"],
        [JsonValueKind.Array] = ["5", "\"x\"", "true", "{}", "[5]", "[\"x\"]", "[[]]"],
        [JsonValueKind.Object] = ["5", "\"x\"", "true", "[]"],
    };

    public static TheoryData<string, Engine> Calls() => RetryTests.Calls();

    [Theory, MemberData(nameof(Calls))]
    public async Task A_value_of_the_wrong_type_is_refused(string name, Engine engine) =>
        // An enumeration may be given by its number.
        await RefusedAsync(name, engine, (kind, place) => [.. Wrong[kind is JsonValueKind.True ? JsonValueKind.False : kind].Where(value => !(place == "status" && value == "5"))]);

    [Theory, MemberData(nameof(Calls))]
    public async Task Half_a_character_and_NUL_are_refused(string name, Engine engine) =>
        await RefusedAsync(name, engine, (kind, _) => kind is JsonValueKind.String ? ["\"a\\u0000b\"", "\"a\\ud800b\"", "\"\\udc00\""] : []);

    [Theory, MemberData(nameof(Calls))]
    public async Task What_is_no_whole_number_is_refused_where_one_goes(string name, Engine engine) =>
        await RefusedAsync(name, engine, (kind, place) => kind is JsonValueKind.Number && !place.EndsWith("value", StringComparison.Ordinal)
            ? ["\"NaN\"", "\"Infinity\"", "\"-Infinity\"", "1.5", "\"1.5\"", "9223372036854775808", "\"9223372036854775808\"", "1e400", "-1e400", "NaN", "Infinity", "-Infinity"]
            : []);

    [Theory, MemberData(nameof(Calls))]
    public async Task A_text_of_ten_megabytes_is_answered_in_words(string name, Engine engine)
    {
        var call = Call.All.Single(c => c.ToString() == name);
        var world = await World.SeededAsync(servers[engine]);
        await call.PrepareAsync(world);
        foreach (var (place, kind, write) in Places(call.BodyIn(world)))
        {
            if (kind is not JsonValueKind.String)
                continue;
            var answer = await call.SendAsync(world, write($"\"{Large}\""));
            Assert.True(answer.Status is 200 or 400 or 404 or 413, $"{call} {place}: {answer}");
        }

        // Whatever was taken can be read.
        Assert.NotEmpty(await world.SnapshotAsync());
    }

    [Theory, MemberData(nameof(Calls))]
    public async Task JSON_a_thousand_deep_changes_nothing(string name, Engine engine) => await RefusedAsync(name, engine, (_, _) => [Deep], anyCode: true);

    [Theory, EachDatabase]
    public async Task The_last_of_duplicate_fields_counts(Engine engine)
    {
        var world = await World.SeededAsync(servers[engine]);
        Assert.Equal(200, (await world.PostAsync("runs/log-parameter", $$"""{"run_id":"none","run_id":"{{world.RunId}}","key":"a","key":"b","value":"1","value":"2"}""")).Status);
        Assert.Equal(200, (await world.PostAsync("runs/log-batch", $$"""
            {"run_id":"{{world.RunId}}","metrics":[],"metrics":[{"key":"m","key":"n","value":1,"value":2,"timestamp":1,"timestamp":3}],
             "tags":[{"key":"t","value":"1"},{"key":"t","value":"2"}]}
            """)).Status);
        var run = (await world.ReadAsync($"runs/get?run_id={world.RunId}"))["run"]!["data"]!;
        Assert.Equal([("b", "2"), ("lr", "0.1")], Pairs(run["params"]));
        Assert.Contains(("t", "2"), Pairs(run["tags"]));
        var metric = run["metrics"]!.AsArray().Single(m => m!["key"]!.GetValue<string>() is not "loss")!;
        Assert.Equal(("n", 2L, 3L), (metric["key"]!.GetValue<string>(), TestServer.Int(metric["value"]), TestServer.Int(metric["timestamp"])));
    }

    [Theory]
    [InlineData("1.5", "1.5")]
    [InlineData("\"1.5\"", "1.5")]
    [InlineData("\"NaN\"", "\"NaN\"")]
    [InlineData("NaN", "\"NaN\"")]
    [InlineData("\"Infinity\"", "1.7976931348623157e308")]
    [InlineData("Infinity", "1.7976931348623157e308")]
    [InlineData("\"-Infinity\"", "-1.7976931348623157e308")]
    [InlineData("-Infinity", "-1.7976931348623157e308")]
    [InlineData("1e400", "1.7976931348623157e308")]
    [InlineData("-1e400", "-1.7976931348623157e308")]
    [InlineData("true", "1")]
    [InlineData("5e-324", "5e-324")]
    [InlineData("-0.0", "0")]
    [InlineData("0.1000000000000000055511151231257827", "0.1")]
    [InlineData("12345678901234567890", "12345678901234567000")]
    public async Task A_metric_keeps_what_it_was_given(string sent, string kept)
    {
        foreach (var engine in (Engine[])[Engine.Sqlite, Engine.Postgres])
        {
            var world = await World.SeededAsync(servers[engine]);
            foreach (var (key, route, body) in new[]
                     {
                         ("one", "runs/log-metric", $$"""{"run_id":"{{world.RunId}}","key":"one","value":{{sent}},"timestamp":"7","step":2.0}"""),
                         ("two", "runs/log-batch", $$"""{"run_id":"{{world.RunId}}","metrics":[{"key":"two","value":{{sent}},"timestamp":7,"step":"2","model_id":"{{world.ModelId}}"}]}"""),
                     })
            {
                Assert.Equal(200, (await world.PostAsync(route, body)).Status);
                var latest = (await world.ReadAsync($"runs/get?run_id={world.RunId}"))["run"]!["data"]!["metrics"]!.AsArray().Single(m => m!["key"]!.GetValue<string>() == key)!;
                var history = Assert.Single((await world.ReadAsync($"metrics/get-history?run_id={world.RunId}&metric_key={key}"))["metrics"]!.AsArray())!;
                Assert.All([latest, history], point =>
                {
                    Assert.Equal(Number(kept), Number(point["value"]!.ToJsonString()));
                    Assert.Equal((7L, 2L), (TestServer.Int(point["timestamp"]), TestServer.Int(point["step"])));
                });
            }

            var model = (await world.ReadAsync($"logged-models/{world.ModelId}"))["model"]!["data"]!["metrics"]![0]!;
            Assert.Equal(Number(kept), Number(model["value"]!.ToJsonString()));
        }
    }

    [Theory]
    [InlineData("GET", "runs/get?run_id=a%00b")]
    [InlineData("GET", "runs/get?run_id=%ED%A0%80")]
    [InlineData("GET", "runs/get?run_id=%FF%FE")]
    [InlineData("GET", "experiments/get-by-name?experiment_name=%00")]
    [InlineData("GET", "registered-models/get?name=%00")]
    [InlineData("GET", "registered-models/search?filter=name+%3D+%27%00%27")]
    [InlineData("GET", "logged-models/m-%FF")]
    [InlineData("GET", "experiments/get?experiment_id=99999999999999999999")]
    [InlineData("GET", "experiments/get?experiment_id=9223372036854775807")]
    [InlineData("GET", "model-versions/get?name=a+model&version=99999999999999999999")]
    [InlineData("GET", "model-versions/get?name=a+model&version=-1")]
    [InlineData("GET", "metrics/get-history?run_id=x&metric_key=m&max_results=abc")]
    [InlineData("GET", "metrics/get-history?run_id=x&metric_key=m&max_results=1&page_token=%F0")]
    [InlineData("GET", "registered-models/search?page_token=bad")]
    [InlineData("GET", "model-versions/search?page_token=eyJvZmZzZXQiOiAxfQ%3D%3D")]
    [InlineData("POST", "runs/search")]
    public async Task A_bad_query_is_answered_in_words(string verb, string route)
    {
        foreach (var engine in (Engine[])[Engine.Sqlite, Engine.Postgres])
        {
            var world = await World.SeededAsync(servers[engine]);
            foreach (var body in verb == "GET"
                         ? [null]
                         : (string?[])["[1]", "5", "null", "\"x\"", "{\"experiment_ids\":[\"abc\"]}", "{\"experiment_ids\":[\"99999999999999999999\"]}", $"{{\"experiment_ids\":[\"{world.ExperimentId}\"],\"page_token\":\"bad\"}}",
                             $"{{\"experiment_ids\":[\"{world.ExperimentId}\"],\"filter\":\"metrics.m > 1e400\"}}", $"{{\"experiment_ids\":[\"{world.ExperimentId}\"],\"filter\":{Deep}}}",
                             $"{{\"experiment_ids\":[\"{world.ExperimentId}\"],\"filter\":\"{new string('(', 5000)}\"}}", $"{{\"experiment_ids\":[\"{world.ExperimentId}\"],\"filter\":\"{Large}\"}}"])
            {
                var answer = await world.AskAsync(verb, route, body);
                Assert.True(answer.Status is 200 or 400 or 404, $"{route} {body}: {answer}");
                if (answer.Status != 200)
                    AssertClean(answer, route);
            }
        }
    }

    /// <summary>Writes values into every place of a call's arguments; each must be refused, and all of them together change nothing.</summary>
    private async Task RefusedAsync(string name, Engine engine, Func<JsonValueKind, string, string[]> values, bool anyCode = false)
    {
        var call = Call.All.Single(c => c.ToString() == name);
        var world = await World.SeededAsync(servers[engine]);
        await call.PrepareAsync(world);
        var before = await world.SnapshotAsync();
        foreach (var (place, kind, write) in Places(call.BodyIn(world)))
        {
            foreach (var value in values(kind, place))
            {
                var answer = await call.SendAsync(world, write(value));
                Assert.True(answer.Status == 400, $"{call} with {place} = {(value.Length > 100 ? value[..100] : value)}: {answer}");
                AssertClean(answer, call.Route);
                if (!anyCode)
                    Assert.Equal("INVALID_PARAMETER_VALUE", answer.Code);
            }
        }

        Assert.Equal(before, await world.SnapshotAsync());
    }

    private static void AssertClean(Answer answer, string route)
    {
        Assert.NotEmpty(answer.Code!);
        Assert.False(answer.Message.Contains("SELECT ", StringComparison.Ordinal) || answer.Message.Contains("   at ", StringComparison.Ordinal) || answer.Message.Contains("Exception", StringComparison.Ordinal),
            $"{route}: {answer}");
    }

    /// <summary>Every place of a JSON object: where it is, what stands there, and the object with other JSON text in it.</summary>
    private static IEnumerable<(string Place, JsonValueKind Kind, Func<string, string> Write)> Places(string body)
    {
        const string Mark = "\"@here@\"";
        foreach (var path in Paths(JsonNode.Parse(body)!, []))
        {
            var root = JsonNode.Parse(body)!;
            var holder = path[..^1].Aggregate(root, (node, step) => step is int at ? node[at]! : node[(string)step]!);
            var kind = (path[^1] is int i ? holder[i]! : holder[(string)path[^1]]!).GetValueKind();
            if (path[^1] is int index)
                holder[index] = "@here@";
            else
                holder[(string)path[^1]] = "@here@";
            var text = root.ToJsonString();
            yield return (string.Join('.', path), kind, value => text.Replace(Mark, value, StringComparison.Ordinal));
        }
    }

    private static IEnumerable<object[]> Paths(JsonNode node, object[] above) => node switch
    {
        JsonObject fields => fields.SelectMany(f => Paths(f.Value!, [.. above, f.Key]).Prepend([.. above, f.Key])),
        JsonArray items => items.SelectMany((item, i) => Paths(item!, [.. above, i])),
        _ => [],
    };

    private static IEnumerable<(string, string)> Pairs(JsonNode? pairs) => pairs!.AsArray().Select(p => (p!["key"]!.GetValue<string>(), p["value"]!.GetValue<string>())).Order();

    private static double Number(string json) => JsonSerializer.Deserialize<double>(json, new JsonSerializerOptions { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals });
}
