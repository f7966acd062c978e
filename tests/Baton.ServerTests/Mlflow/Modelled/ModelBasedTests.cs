using Baton.Database;
using CsCheck;
using Xunit;

namespace Baton.ServerTests.Mlflow.Modelled;

/// <summary>
/// Random sequences of calls against a small model of the API and both databases: the same answers. A failure is shrunk to few calls and names its seed;
/// run it again with the environment variable <c>CsCheck_Seed</c>.
/// </summary>
public sealed class ModelBasedTests(EngineServers servers) : IClassFixture<EngineServers>
{
    private const int Seconds = 12;

    [Fact]
    public Task A_server_answers_as_the_model_does() => ApiCalls.Sequence.SampleAsync(
        async calls =>
        {
            var model = new ApiModel();
            (Engine Engine, LiveApi Api)[] live =
            [
                .. new[] { Engine.Sqlite, Engine.Postgres }.Select(engine => (engine, new LiveApi(World.Empty(servers[engine])))),
            ];
            for (var at = 0; at < calls.Length; at++)
            {
                // A start of its own for each run: searches then have one order.
                var call = calls[at];
                if (call.Route == "runs/create")
                    call.Arguments["start_time"] = 1000L + (at * 37 % 101);
                var expected = model.Answer(call);
                var answers = await Task.WhenAll(live.Select(l => l.Api.AnswerAsync(call)));
                for (var i = 0; i < live.Length; i++)
                {
                    if (answers[i] != expected)
                        Assert.Fail($"Call {at} on {live[i].Engine}: {call}\n   model: {expected}\n{live[i].Engine,8}: {answers[i]}\n");
                }
            }
        },
        time: Seconds,
        threads: 1,
        print: calls => "\n" + string.Join('\n', calls.Select(c => c.ToString())));
}
