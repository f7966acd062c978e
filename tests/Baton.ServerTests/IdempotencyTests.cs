using System.Text;
using System.Text.Json.Nodes;
using Baton.Database;
using Baton.Server.Platform.Ledger;
using Baton.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;
using static Baton.ServerTests.RegistryTests;

namespace Baton.ServerTests;

/// <summary>A request sent again after a lost reply makes nothing twice where it carries a key.</summary>
public sealed class IdempotencyTests
{
    private const string Elsewhere = """{"name": "m", "source": "s3://bucket/model"}""";

    [Theory, EachDatabase]
    public async Task What_is_sent_again_with_its_key_is_answered_as_before_and_makes_nothing(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        foreach (var (route, body) in ((string, string)[])
            [
                ("registered-models/create", """{"name": "m", "tags": [{"key": "k", "value": "v"}], "description": "d"}"""),
                ("model-versions/create", """{"name": "m", "source": "s3://bucket/model", "tags": [{"key": "k", "value": "v"}]}"""),
                ("experiments/create", """{"name": "e", "tags": [{"key": "k", "value": "v"}]}"""),
                ("runs/create", """{"experiment_id": "0", "tags": [{"key": "k", "value": "v"}]}"""),
                ("logged-models", """{"experiment_id": "0", "name": "l", "params": [{"key": "k", "value": "v"}], "tags": [{"key": "k", "value": "v"}]}"""),
            ])
        {
            var first = await SendAsync(server, route, body, "key-of-" + route);
            var again = await SendAsync(server, route, body, "key-of-" + route);
            Assert.Equal((200, 200, false, true), (first.Status, again.Status, first.Replayed, again.Replayed));
            Assert.Equal(first.Text, again.Text);
            // The other prefix is the same route.
            Assert.Equal(first.Text, (await SendAsync(server, route, body, "key-of-" + route, "ajax-api")).Text);
        }

        Assert.Equal("2", JsonNode.Parse((await SendAsync(server, "model-versions/create", Elsewhere, "another")).Text)!["model_version"]!["version"]!.GetValue<string>());
        Assert.Equal("3", JsonNode.Parse((await SendAsync(server, "model-versions/create", Elsewhere, null)).Text)!["model_version"]!["version"]!.GetValue<string>());
        Assert.Equal("4", JsonNode.Parse((await SendAsync(server, "model-versions/create", Elsewhere, null)).Text)!["model_version"]!["version"]!.GetValue<string>());
    }

    [Theory, EachDatabase]
    public async Task A_key_means_one_request_and_no_other(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.Client.EnsureRegisteredModelAsync("m");
        await SendAsync(server, "model-versions/create", Elsewhere, "k");
        var other = await SendAsync(server, "model-versions/create", Elsewhere + " ", "k");
        Assert.Equal(409, other.Status);
        Assert.Contains("The Idempotency-Key 'k' was used before with another body.", other.Text, StringComparison.Ordinal);
        var elsewhere = await SendAsync(server, "registered-models/create", Elsewhere, "k");
        Assert.Contains("was used before for model-versions/create; this is registered-models/create", elsewhere.Text, StringComparison.Ordinal);
        // In another project it is another key.
        await DoneAsync(server, HttpMethod.Post, "../../../p/blue/api/2.0/mlflow/registered-models/create", new { name = "m" });
        Assert.Equal(200, (await SendAsync(server, "model-versions/create", Elsewhere + "  ", "k", project: "blue")).Status);
    }

    [Theory, EachDatabase]
    public async Task Of_many_at_once_with_one_key_one_makes_it_and_all_hear_of_it(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.Client.EnsureRegisteredModelAsync("m");
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => SendAsync(server, "model-versions/create", Elsewhere, "one")));
        Assert.All(answers, a => Assert.Equal((200, answers[0].Text), (a.Status, a.Text)));
        Assert.Single(answers, a => !a.Replayed);
        Assert.Single((await server.Client.ReadLedgerAsync("models/m/versions/1")).Entries);
        await RefusedAsync(server, 404, "", HttpMethod.Get, "model-versions/get?name=m&version=2");
    }

    [Theory, EachDatabase]
    public async Task What_was_refused_is_decided_anew(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        Assert.Equal(404, (await SendAsync(server, "model-versions/create", Elsewhere, "k")).Status);
        await server.Client.EnsureRegisteredModelAsync("m");
        Assert.Equal((200, false), await SendAsync(server, "model-versions/create", Elsewhere, "k") is var made ? (made.Status, made.Replayed) : default);
    }

    [Fact]
    public async Task A_key_is_short_and_visible()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        await server.Client.EnsureRegisteredModelAsync("m");
        Assert.Equal(200, (await SendAsync(server, "model-versions/create", Elsewhere, new string('k', 255))).Status);
        foreach (var bad in (string[])[new string('k', 256), "two words", " "])
        {
            var refused = await SendAsync(server, "model-versions/create", Elsewhere, bad);
            Assert.Equal(400, refused.Status);
            Assert.Contains("Invalid Idempotency-Key header: expected one key of 1 to 255 visible ASCII characters", refused.Text, StringComparison.Ordinal);
        }
    }

    [Theory, EachDatabase]
    public async Task A_key_is_forgotten_after_its_time(Engine engine)
    {
        var clock = new AheadClock();
        await using var server = await TestServer.StartAsync(engine, time: clock);
        await server.Client.EnsureRegisteredModelAsync("m");
        await SendAsync(server, "model-versions/create", Elsewhere, "k");
        var upkeep = server.Running.Services.GetServices<IHostedService>().OfType<OnceKeyUpkeep>().Single();
        clock.Ahead = OnceKeyUpkeep.Kept - TimeSpan.FromMinutes(1);
        Assert.Equal(0, await upkeep.ForgetAsync(CancellationToken.None));
        Assert.True((await SendAsync(server, "model-versions/create", Elsewhere, "k")).Replayed);
        clock.Ahead = OnceKeyUpkeep.Kept + TimeSpan.FromMinutes(1);
        Assert.Equal(1, await upkeep.ForgetAsync(CancellationToken.None));
        Assert.Contains("\"version\":\"2\"", (await SendAsync(server, "model-versions/create", Elsewhere, "k")).Text, StringComparison.Ordinal);
    }

    private static async Task<(int Status, string Text, bool Replayed)> SendAsync(
        TestServer server, string route, string body, string? key, string prefix = "api", string? project = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{(project is null ? "" : $"p/{project}/")}{prefix}/2.0/mlflow/{route}")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        using var response = await server.Http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.Contains("Idempotency-Replayed"));
    }
}
