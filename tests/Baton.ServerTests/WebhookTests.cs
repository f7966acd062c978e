using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Baton.Database;
using Baton.Server.Platform.Webhooks;
using Baton.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Baton.ServerTests;

public sealed class WebhookTests
{
    private static readonly object Created = new { entity = "MODEL_VERSION", action = "CREATED" };

    [Theory, EachDatabase]
    public async Task A_webhook_is_made_read_changed_listed_and_deleted_and_its_secret_never_comes_back(Engine engine)
    {
        await using var server = await StartAsync(engine);
        var (status, made) = await server.MlflowAsync(HttpMethod.Post, "webhooks", new
        {
            name = "first.hook-1",
            url = "http://127.0.0.1:9/x",
            events = new[] { Created },
            description = "d",
            secret = "s3cret-of-the-hook",
        });
        Assert.Equal(200, status);
        var hook = made["webhook"]!;
        var id = hook["webhook_id"]!.GetValue<string>();
        Assert.True(Guid.TryParseExact(id, "D", out _));
        Assert.Equal(("first.hook-1", "ACTIVE", "d", """[{"entity":"MODEL_VERSION","action":"CREATED"}]"""),
            (hook["name"]!.GetValue<string>(), hook["status"]!.GetValue<string>(), hook["description"]!.GetValue<string>(), hook["events"]!.ToJsonString()));
        Assert.True(TestServer.Int(hook["creation_timestamp"]) > 1_700_000_000_000);
        Assert.DoesNotContain("s3cret", made.ToJsonString(), StringComparison.Ordinal);

        var (_, changed) = await server.MlflowAsync(HttpMethod.Patch, $"webhooks/{id}", new { name = "second", description = "", status = "DISABLED" });
        Assert.Equal(("second", "d", "DISABLED"), (changed["webhook"]!["name"]!.GetValue<string>(), changed["webhook"]!["description"]!.GetValue<string>(), changed["webhook"]!["status"]!.GetValue<string>()));
        var (_, read) = await server.MlflowAsync(HttpMethod.Get, $"webhooks/{id}");
        Assert.Equal(changed.ToJsonString(), read.ToJsonString());

        foreach (var name in new[] { "b", "c" })
            await server.MlflowAsync(HttpMethod.Post, "webhooks", new { name, url = "http://127.0.0.1:9/x", events = new[] { Created } });
        var (_, first) = await server.MlflowAsync(HttpMethod.Get, "webhooks?max_results=2");
        Assert.Equal(["c", "b"], first["webhooks"]!.AsArray().Select(w => w!["name"]!.GetValue<string>()));
        var (_, second) = await server.MlflowAsync(HttpMethod.Get, $"webhooks?max_results=2&page_token={first["next_page_token"]}");
        Assert.Equal(["second"], second["webhooks"]!.AsArray().Select(w => w!["name"]!.GetValue<string>()));
        Assert.Null(second["next_page_token"]);

        Assert.Equal("{}", (await server.MlflowAsync(HttpMethod.Delete, $"webhooks/{id}")).Body.ToJsonString());
        foreach (var verb in new[] { HttpMethod.Get, HttpMethod.Delete, HttpMethod.Patch })
        {
            var (missing, error) = await server.MlflowAsync(verb, $"webhooks/{id}", verb == HttpMethod.Patch ? new { name = "x" } : null);
            Assert.Equal((404, "RESOURCE_DOES_NOT_EXIST", $"Webhook with ID {id} not found."), (missing, error["error_code"]!.GetValue<string>(), error["message"]!.GetValue<string>()));
        }
    }

    [Theory]
    [InlineData("""{"url":"https://x.example","events":[{"entity":"MODEL_VERSION","action":"CREATED"}]}""", "Missing value for required parameter 'name'")]
    [InlineData("""{"name":"-a","url":"https://x.example","events":[{"entity":"MODEL_VERSION","action":"CREATED"}]}""", "start and end with a letter or digit")]
    [InlineData("""{"name":"a\n","url":"https://x.example","events":[{"entity":"MODEL_VERSION","action":"CREATED"}]}""", "start and end with a letter or digit")]
    [InlineData("""{"name":"a","url":"  ","events":[{"entity":"MODEL_VERSION","action":"CREATED"}]}""", "Webhook URL cannot be empty or just whitespace: ")]
    [InlineData("""{"name":"a","url":"ftp://x","events":[{"entity":"MODEL_VERSION","action":"CREATED"}]}""", "Invalid webhook URL scheme: 'ftp'. Allowed schemes are: https.")]
    [InlineData("""{"name":"a","url":"http://x","events":[{"entity":"MODEL_VERSION","action":"CREATED"}]}""", "Invalid webhook URL scheme: 'http'. Allowed schemes are: https.")]
    [InlineData("""{"name":"a","url":"https://u:p@1.1.1.1/","events":[{"entity":"MODEL_VERSION","action":"CREATED"}]}""", "user name or password")]
    [InlineData("""{"name":"a","url":"nonsense","events":[{"entity":"MODEL_VERSION","action":"CREATED"}]}""", "Invalid webhook URL 'nonsense'")]
    [InlineData("""{"name":"a","url":"https://1.1.1.1/","events":[]}""", "events cannot be empty")]
    [InlineData("""{"name":"a","url":"https://1.1.1.1/","events":[{"entity":"MODEL_VERSION","action":"DELETED"}]}""", "Invalid action 'deleted' for entity 'model_version'. Valid actions are: ['created']")]
    [InlineData("""{"name":"a","url":"https://1.1.1.1/","events":[{"entity":"NOPE","action":"CREATED"}]}""", "Invalid webhook entity: 'NOPE'")]
    [InlineData("""{"name":"a","url":"https://1.1.1.1/","events":[{"entity":"MODEL_VERSION","action":"CREATED"}],"status":"ASLEEP"}""", "Invalid webhook status: 'ASLEEP'")]
    [InlineData("""{"name":"a","url":"https://127.0.0.1/","events":[{"entity":"MODEL_VERSION","action":"CREATED"}]}""", "not a public address")]
    [InlineData("""{"name":"a","url":"https://2130706433/","events":[{"entity":"MODEL_VERSION","action":"CREATED"}]}""", "not a public address")]
    [InlineData("""{"name":"a","url":"https://[::ffff:10.0.0.1]/","events":[{"entity":"MODEL_VERSION","action":"CREATED"}]}""", "not a public address")]
    [InlineData("""{"name":"a","url":"https://169.254.169.254/latest","events":[{"entity":"MODEL_VERSION","action":"CREATED"}]}""", "not a public address")]
    [InlineData("""{"name":"a","url":"https://localhost/","events":[{"entity":"MODEL_VERSION","action":"CREATED"}]}""", "not a public address")]
    public async Task What_is_no_webhook_is_refused_and_says_why(string body, string message)
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var (status, error) = await server.MlflowAsync(HttpMethod.Post, "webhooks", body);
        Assert.Equal((400, "INVALID_PARAMETER_VALUE"), (status, error["error_code"]!.GetValue<string>()));
        Assert.Contains(message, error["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 200)]
    [InlineData(1000, 200)]
    [InlineData(1001, 400)]
    [InlineData(-1, 400)]
    public async Task Pages_are_at_most_1000_long(int asked, int expected)
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var (status, body) = await server.MlflowAsync(HttpMethod.Get, $"webhooks?max_results={asked}");
        Assert.Equal(expected, status);
        if (expected == 400)
            Assert.Equal("max_results must be between 1 and 1000.", body["message"]!.GetValue<string>());
        Assert.Equal(400, (await server.MlflowAsync(HttpMethod.Get, "webhooks?page_token=nonsense")).Status);
    }

    [Theory, EachDatabase]
    public async Task What_happens_in_the_registry_is_told_with_a_signature(Engine engine)
    {
        await using var server = await StartAsync(engine);
        await using var receiver = await WebhookReceiver.StartAsync();
        await MakeAsync(server, receiver, "s3cret",
            ("REGISTERED_MODEL", "CREATED"), ("MODEL_VERSION", "CREATED"), ("MODEL_VERSION_TAG", "SET"), ("MODEL_VERSION_TAG", "DELETED"),
            ("MODEL_VERSION_ALIAS", "CREATED"), ("MODEL_VERSION_ALIAS", "DELETED"), ("MODEL_VERSION_STAGE", "SET"));
        await server.MlflowAsync(HttpMethod.Post, "registered-models/create", new { name = "m", tags = new[] { new { key = "t", value = "1" } } });
        await server.MlflowAsync(HttpMethod.Post, "model-versions/create", new { name = "m", source = "s3://b/x", tags = new[] { new { key = "a", value = "b" } } });
        await server.MlflowAsync(HttpMethod.Post, "model-versions/set-tag", new { name = "m", version = "1", key = "k", value = "v" });
        await server.MlflowAsync(HttpMethod.Delete, "model-versions/delete-tag", new { name = "m", version = "1", key = "k" });
        await server.MlflowAsync(HttpMethod.Post, "registered-models/alias", new { name = "m", alias = "champion", version = "1" });
        await server.MlflowAsync(HttpMethod.Delete, "registered-models/alias", new { name = "m", alias = "champion" });
        await server.MlflowAsync(HttpMethod.Post, "model-versions/transition-stage", new { name = "m", version = "1", stage = "Staging", archive_existing_versions = "false" });
        var all = (await receiver.WaitAsync(7)).ToDictionary(r => r.Name, r => r);
        Assert.Equal("""{"name":"m","tags":{"t":"1"},"description":""}""", Data("registered_model.created"));
        Assert.Equal("""{"name":"m","version":"1","source":"s3://b/x","run_id":null,"tags":{"a":"b"},"description":null}""", Data("model_version.created"));
        Assert.Equal("""{"name":"m","version":"1","key":"k","value":"v"}""", Data("model_version_tag.set"));
        Assert.Equal("""{"name":"m","version":"1","key":"k"}""", Data("model_version_tag.deleted"));
        Assert.Equal("""{"name":"m","alias":"champion","version":"1"}""", Data("model_version_alias.created"));
        Assert.Equal("""{"name":"m","alias":"champion"}""", Data("model_version_alias.deleted"));
        Assert.Equal("""{"name":"m","version":"1","stage":"staging","from_stage":"none"}""", Data("model_version_stage.set"));
        foreach (var told in all.Values)
        {
            Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$", told.Json["timestamp"]!.GetValue<string>());
            Assert.Equal("application/json", told.Headers["Content-Type"]);
            var signed = $"{told.Headers["X-MLflow-Delivery-Id"]}.{told.Headers["X-MLflow-Timestamp"]}.{told.Body}";
            Assert.Equal("v1," + Convert.ToBase64String(HMACSHA256.HashData("s3cret"u8, Encoding.UTF8.GetBytes(signed))), told.Headers["X-MLflow-Signature"]);
        }

        Assert.Equal(7, all.Values.Select(r => r.Headers["X-MLflow-Delivery-Id"]).Distinct().Count());

        string Data(string name) => all[name].Json["data"]!.ToJsonString();
    }

    [Theory, EachDatabase]
    public async Task Prompts_are_told_of_as_prompts_and_others_hear_nothing(Engine engine)
    {
        await using var server = await StartAsync(engine);
        await using var receiver = await WebhookReceiver.StartAsync();
        await MakeAsync(server, receiver, null, ("PROMPT", "CREATED"), ("PROMPT_VERSION", "CREATED"), ("PROMPT_ALIAS", "CREATED"), ("PROMPT_TAG", "SET"), ("PROMPT_VERSION_TAG", "SET"));
        await using var models = await WebhookReceiver.StartAsync();
        await MakeAsync(server, models, null, ("REGISTERED_MODEL", "CREATED"), ("MODEL_VERSION", "CREATED"), ("MODEL_VERSION_ALIAS", "CREATED"), ("MODEL_VERSION_TAG", "SET"));
        object[] tags = [new { key = "mlflow.prompt.is_prompt", value = "true" }, new { key = "mlflow.prompt.text", value = "Hello" }];
        await server.MlflowAsync(HttpMethod.Post, "registered-models/create", new { name = "p", tags });
        await server.MlflowAsync(HttpMethod.Post, "model-versions/create", new { name = "p", source = "http://prompt", tags });
        await server.MlflowAsync(HttpMethod.Post, "registered-models/alias", new { name = "p", alias = "best", version = "1" });
        await server.MlflowAsync(HttpMethod.Post, "registered-models/set-tag", new { name = "p", key = "k", value = "v" });
        await server.MlflowAsync(HttpMethod.Post, "model-versions/set-tag", new { name = "p", version = "1", key = "k", value = "v" });
        var all = await receiver.WaitAsync(5);
        Assert.Equal(["prompt.created", "prompt_alias.created", "prompt_tag.set", "prompt_version.created", "prompt_version_tag.set"], all.Select(r => r.Name).Order(StringComparer.Ordinal));
        Assert.Equal("Hello", all.Single(r => r.Name == "prompt_version.created").Json["data"]!["template"]!.GetValue<string>());
        Assert.DoesNotContain("X-MLflow-Signature", all[0].Headers.Keys);
        await server.MlflowAsync(HttpMethod.Post, "registered-models/create", new { name = "m" });
        Assert.Equal("registered_model.created", Assert.Single(await models.WaitAsync(1)).Name);
    }

    [Theory, EachDatabase]
    public async Task A_busy_target_is_tried_again_with_the_same_words_and_one_that_refuses_is_not(Engine engine)
    {
        await using var server = await StartAsync(engine);
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = (number, context) =>
        {
            context.Response.StatusCode = number switch { 1 => 503, 2 => 429, _ => 200 };
            context.Response.Headers.RetryAfter = number == 2 ? "1" : default;
            return Task.CompletedTask;
        };
        await using var refusing = await WebhookReceiver.StartAsync();
        refusing.Answer = (_, context) =>
        {
            context.Response.StatusCode = 400;
            return Task.CompletedTask;
        };
        var id = await MakeAsync(server, receiver, "s", ("REGISTERED_MODEL", "CREATED"));
        var refused = await MakeAsync(server, refusing, null, ("REGISTERED_MODEL", "CREATED"));
        await server.MlflowAsync(HttpMethod.Post, "registered-models/create", new { name = "m" });
        var all = await receiver.WaitAsync(3);
        Assert.Single(all.Select(r => r.Body).Distinct());
        Assert.Single(all.Select(r => r.Headers["X-MLflow-Delivery-Id"]).Distinct());
        Assert.Equal(("delivered", 3), await SettledAsync(server, id));
        Assert.Equal(("failed", 1), await SettledAsync(server, refused));
        Assert.Single(refusing.All);
    }

    [Theory, EachDatabase]
    public async Task A_dead_target_holds_up_nobody_and_a_restart_forgets_nothing(Engine engine)
    {
        await using var server = await StartAsync(engine);
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var dead = await WebhookReceiver.StartAsync();
        dead.Answer = async (number, context) =>
        {
            if (number == 1)
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        };
        await MakeAsync(server, dead, null, ("REGISTERED_MODEL", "CREATED"));
        await MakeAsync(server, receiver, null, ("REGISTERED_MODEL", "CREATED"));
        for (var i = 0; i < 5; i++)
            await server.MlflowAsync(HttpMethod.Post, "registered-models/create", new { name = $"m{i}" });
        await receiver.WaitAsync(5);
        Assert.Single(dead.All);

        await server.RestartAsync();
        // The four that waited behind the first are there at once; the first, whose fate nobody knows, when its lease has run out.
        var told = await dead.WaitAsync(5);
        Assert.Equal(5, told.Select(r => r.Json["data"]!["name"]!.GetValue<string>()).Distinct().Count());
        Assert.Equal(5, receiver.All.Count);
    }

    [Theory, EachDatabase]
    public async Task A_test_sends_an_example_and_tells_how_it_went(Engine engine)
    {
        await using var server = await StartAsync(engine);
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = (number, context) =>
        {
            context.Response.StatusCode = number == 1 ? 200 : 302;
            context.Response.Headers.Location = receiver.Url;
            return context.Response.WriteAsync("thanks");
        };
        var id = await MakeAsync(server, receiver, "s", ("MODEL_VERSION_ALIAS", "CREATED"), ("MODEL_VERSION", "CREATED"));
        var (_, body) = await server.MlflowAsync(HttpMethod.Post, $"webhooks/{id}/test", new { });
        Assert.Equal("""{"success":true,"response_status":200,"response_body":"thanks"}""", body["result"]!.ToJsonString());
        Assert.Equal("""{"name":"example_model","version":"1","alias":"example_alias"}""", receiver.All.Single().Json["data"]!.ToJsonString());

        var (_, redirected) = await server.MlflowAsync(HttpMethod.Post, $"webhooks/{id}/test", new { @event = Created });
        Assert.False(redirected["result"]!["success"]!.GetValue<bool>());
        Assert.Contains("a redirect", redirected["result"]!["error_message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(2, receiver.All.Count);
        Assert.Equal("models:/123", receiver.All.Last().Json["data"]!["source"]!.GetValue<string>());
    }

    [Theory, EachDatabase]
    public async Task A_secret_is_encrypted_in_the_database_and_its_key_is_for_its_owner_alone(Engine engine)
    {
        await using var server = await StartAsync(engine);
        await using var receiver = await WebhookReceiver.StartAsync();
        var id = await MakeAsync(server, receiver, "s3cret-of-the-hook", ("MODEL_VERSION", "CREATED"));
        var database = server.Running.Services.GetRequiredService<BatonDatabase>();
        var kept = await database.ReadAsync(sql => sql.ScalarAsync<string>("SELECT secret FROM webhooks"));
        Assert.DoesNotContain("s3cret", Encoding.Latin1.GetString(Convert.FromBase64String(kept)), StringComparison.Ordinal);
        var secrets = server.Running.Services.GetRequiredService<WebhookSecrets>();
        Assert.Equal("s3cret-of-the-hook", await secrets.DecryptAsync(id, kept));
        await Assert.ThrowsAsync<Baton.Server.Platform.Errors.Refusal>(() => secrets.DecryptAsync("another", kept));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(server.DataFile(WebhookSecrets.KeyFile)));
    }

    [Fact]
    public async Task At_delivery_too_only_public_addresses_are_reached()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite, with: o => o with { WebhookAllowedSchemes = ["http"] });
        await using var receiver = await WebhookReceiver.StartAsync();
        var (_, made) = await server.MlflowAsync(HttpMethod.Post, "webhooks", new { name = "a", url = "http://1.1.1.1/", events = new[] { Created } });
        // The name of a host may stand for another address by the time of delivery.
        await server.Running.Services.GetRequiredService<BatonDatabase>().WriteAsync(sql => sql.ExecuteAsync("UPDATE webhooks SET url = @Url", new { receiver.Url }));
        var (_, tested) = await server.MlflowAsync(HttpMethod.Post, $"webhooks/{made["webhook"]!["webhook_id"]}/test", new { });
        Assert.False(tested["result"]!["success"]!.GetValue<bool>());
        Assert.Contains("not a public address", tested["result"]!["error_message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty(receiver.All);
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("100.63.255.255", true)]
    [InlineData("100.64.0.1", false)]
    [InlineData("172.15.0.1", true)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.168.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("2001:db8::1", false)]
    [InlineData("2002:0a00:0001::1", false)]
    [InlineData("64:ff9b::10.0.0.1", false)]
    [InlineData("64:ff9b::8.8.8.8", true)]
    [InlineData("::ffff:127.0.0.1", false)]
    public void Addresses_that_are_not_of_the_public_internet_are_known(string address, bool expected) =>
        Assert.Equal(expected, PublicAddress.IsPublic(System.Net.IPAddress.Parse(address)));

    [Fact]
    public void A_failed_delivery_waits_longer_and_longer_as_long_as_its_target_asks_and_not_for_ever()
    {
        var now = new DateTimeOffset(2026, 5, 3, 14, 0, 0, TimeSpan.Zero);
        var delivery = new Delivery { DeliveryId = "d", QueuedAt = now.ToUnixTimeMilliseconds() * 1000, Attempts = 1 };
        Assert.InRange(WaitOf(new WebhookAttempt(503, "busy"), 1), 1, 2);
        Assert.InRange(WaitOf(new WebhookAttempt(null, "no answer"), 5), 16, 17);
        Assert.InRange(WaitOf(new WebhookAttempt(500, "x"), 30), 900, 901);
        Assert.InRange(WaitOf(new WebhookAttempt(429, "x") { RetryAfter = TimeSpan.FromSeconds(120) }, 1), 120, 121);
        Assert.InRange(WaitOf(new WebhookAttempt(429, "x") { RetryAfter = TimeSpan.FromDays(9) }, 1), 3600, 3601);
        Assert.Equal("failed", WebhookSender.After(delivery, new WebhookAttempt(404, "x"), now).State);
        Assert.Equal("failed", WebhookSender.After(delivery with { Attempts = 100 }, new WebhookAttempt(503, "x"), now + WebhookSender.GivenUpAfter).State);
        Assert.Equal("delivered", WebhookSender.After(delivery, new WebhookAttempt(204, null), now).State);

        double WaitOf(WebhookAttempt attempt, int attempts) =>
            (WebhookSender.After(delivery with { Attempts = attempts }, attempt, now).NextAt!.Value - (now.ToUnixTimeMilliseconds() * 1000)) / 1e6;
    }

    private static Task<TestServer> StartAsync(Engine engine) =>
        TestServer.StartAsync(engine, with: o => o with { WebhookAllowedSchemes = ["http", "https"], WebhookAllowPrivate = true });

    private static async Task<string> MakeAsync(TestServer server, WebhookReceiver receiver, string? secret, params (string Entity, string Action)[] events)
    {
        var (status, body) = await server.MlflowAsync(HttpMethod.Post, "webhooks", new
        {
            name = "hook",
            url = receiver.Url,
            secret,
            events = events.Select(e => new { entity = e.Entity, action = e.Action }),
        });
        Assert.True(status == 200, body.ToJsonString());
        return body["webhook"]!["webhook_id"]!.GetValue<string>();
    }

    /// <summary>Waits until a webhook's one delivery is settled.</summary>
    private static async Task<(string State, long Attempts)> SettledAsync(TestServer server, string id)
    {
        for (var tries = 0; ; tries++)
        {
            var only = Assert.Single(JsonNode.Parse(await server.Http.GetStringAsync($"api/v1/webhooks/{id}/deliveries"))!["deliveries"]!.AsArray())!;
            if (only["state"]!.GetValue<string>() != "pending" || tries > 200)
                return (only["state"]!.GetValue<string>(), TestServer.Int(only["attempts"]));
            await Task.Delay(50);
        }
    }
}
