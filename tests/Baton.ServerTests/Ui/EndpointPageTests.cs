using System.Net;
using System.Text.Json;
using Baton.Client;
using Baton.Database;
using Xunit;

namespace Baton.ServerTests.Ui;

/// <summary>Pages of endpoints and predictions as the server writes them.</summary>
public sealed class EndpointPageTests
{
    private const string Hostile = "<img src=x onerror=alert(1)>&\"'";

    private static readonly DateTimeOffset Monday = new(2001, 2, 12, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Without_endpoints_the_page_says_how_to_make_one()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var html = await PageAsync(server, "endpoints");
        Assert.Contains("Nothing is served yet", html, StringComparison.Ordinal);
        Assert.Contains("baton deploy models:/MODEL@production --endpoint NAME", html, StringComparison.Ordinal);
        using var missing = await server.Http.GetAsync("endpoints/nowhere");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task A_new_endpoint_tells_what_it_serves_and_that_nothing_was_logged_yet()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var version = await server.RegisterAsync("m");
        await server.Client.PutClaimsAsync("m", "1", await server.ClaimsOfAsync(version));
        await server.Client.DeployAsync("e", "m", "1", reason: Hostile);
        var html = await PageAsync(server, "endpoints/e");
        Assert.Contains("<a href=\"/models/m/versions/1\">m/1</a>", html, StringComparison.Ordinal);
        Assert.Contains("no serving node", html, StringComparison.Ordinal);
        Assert.Contains("No prediction has reached the log yet", html, StringComparison.Ordinal);
        Assert.DoesNotContain("/rollback\"", html, StringComparison.Ordinal);
        Assert.Contains("curl -s http://127.0.0.1:8080/v2/models/e/infer", html, StringComparison.Ordinal);
        Assert.Contains("<a href=\"/endpoints/e\">e</a>", await PageAsync(server, "endpoints"), StringComparison.Ordinal);
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\sstyle=""|\son\w+=""|<script>|<style", html);
    }

    [Fact]
    public async Task A_form_rolls_back_and_a_form_that_is_out_of_date_moves_nothing()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        await server.RegisterAsync("m");
        await server.RegisterAsync("m", ("model.onnx", "other bytes"));
        await server.Client.DeployAsync("e", "m", "1");
        await server.Client.DeployAsync("e", "m", "2");
        Assert.Contains("Roll back to version 1", await PageAsync(server, "endpoints/e"), StringComparison.Ordinal);

        var (status, location) = await SendFormAsync(server, "endpoints/e/rollback", ("expected_current", "2"), ("reason", "it drifts"));
        Assert.Equal((HttpStatusCode.SeeOther, "/endpoints/e?left=2"), (status, location));
        var html = await PageAsync(server, location);
        Assert.Contains("Rolled back: version 1 serves in place of version 2.", html, StringComparison.Ordinal);
        Assert.Contains("it drifts", html, StringComparison.Ordinal);

        (status, location) = await SendFormAsync(server, "endpoints/e/rollback", ("expected_current", "2"));
        Assert.Equal(HttpStatusCode.SeeOther, status);
        Assert.Equal("1", (await server.Client.GetEndpointAsync("e")).Current!.Version);
        (_, location) = await SendFormAsync(server, "endpoints/e/rollback", ("expected_current", "1"));
        Assert.Contains("there is no earlier version to go back to", await PageAsync(server, location), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_weeks_stand_in_a_table_and_immature_ones_are_marked()
    {
        await using var server = await LoggedAsync();
        var html = await PageAsync(server, "endpoints/e");
        var weeks = (await server.Client.GetPerformanceAsync("e")).Weeks;
        Assert.Equal(2, weeks.Count);
        foreach (var week in weeks)
        {
            Assert.Contains($"data-value=\"{week.RocAuc!.Value:G7}\"", html, StringComparison.Ordinal);
            Assert.Contains($"<td class=\"num\" data-value=\"{week.BrierScore!.Value:G7}\">{week.BrierScore:0.0000}</td>", html, StringComparison.Ordinal);
        }

        Assert.Matches("<tr[^>]*>\\s*<th scope=\"row\" data-value=\"2001-02-12\">", html);
        Assert.Matches("<tr data-shaded[^>]*>\\s*<th scope=\"row\" data-value=\"2001-02-19\">", html);
        Assert.Contains("Immature: 60 % of the labels are known", html, StringComparison.Ordinal);
        Assert.Contains("/endpoints/e/predictions/f399", html, StringComparison.Ordinal);
        Assert.DoesNotContain("/endpoints/e/predictions/f389\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_clients_sent_is_text_and_stays_inside_the_shells_quotation()
    {
        await using var server = await LoggedAsync(JsonSerializer.Serialize(new { x = Hostile }));
        foreach (var path in (string[])["endpoints/e", "endpoints/e/predictions/f399"])
        {
            var html = await PageAsync(server, path);
            Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
            Assert.DoesNotMatch(@"\sstyle=""|\son\w+=""|<script>|<style", html);
        }

        var call = WebUtility.HtmlDecode(await PageAsync(server, "endpoints/e"));
        call = call[call.IndexOf("curl -s http://127.0.0.1:8080", StringComparison.Ordinal)..];
        var quoted = call[(call.IndexOf('\'', StringComparison.Ordinal) + 1)..];
        using var body = JsonDocument.Parse(quoted[..quoted.IndexOf('\'', StringComparison.Ordinal)]);
        Assert.Equal(Hostile, body.RootElement.GetProperty("inputs")[0].GetProperty("data")[0].GetString());
    }

    [Fact]
    public async Task A_prediction_is_replayed_beside_what_was_recorded()
    {
        await using var server = await LoggedAsync();
        var html = await PageAsync(server, "endpoints/e/predictions/f0");
        Assert.Contains("8.5", html, StringComparison.Ordinal);
        Assert.Contains("1,234 µs", html, StringComparison.Ordinal);
        Assert.Contains("<option value=\"1\" selected>m/1</option>", html, StringComparison.Ordinal);

        var same = ReplayAsync(server, """{"label": 0, "probabilities": [0.75, 0.25]}""");
        Assert.Contains("Version 1 answers the same", await same, StringComparison.Ordinal);
        var other = await ReplayAsync(server, """{"label": 1, "probabilities": [0.45, 0.55]}""");
        Assert.Contains("Version 1 answers differently", other, StringComparison.Ordinal);
        Assert.Contains("by up to 1", other, StringComparison.Ordinal);
        Assert.Contains("<td>[0.45, 0.55]</td>", other, StringComparison.Ordinal);
        Assert.Contains("did not answer.</strong> Version 1 of m gave no answer to these inputs: x is missing", await ReplayAsync(server, null), StringComparison.Ordinal);
    }

    /// <summary>Sends the form, plays the agent, and gives the page back. Null outputs stand for a fault.</summary>
    private static async Task<string> ReplayAsync(TestServer server, string? outputs)
    {
        using var form = new FormUrlEncodedContent([new("version", "1")]);
        var asked = server.Http.PostAsync("endpoints/e/predictions/f0/replay", form);
        var job = await server.Agent.ClaimJobAsync("test", ["replay"], TimeSpan.FromSeconds(10)) ?? throw new InvalidOperationException("No job came.");
        object result = outputs is null ? new { fault = "x is missing" } : new { outputs = JsonSerializer.Deserialize<JsonElement>(outputs), score = 0.25 };
        await server.Agent.CompleteJobAsync(job.Id, job.Attempt, result);
        using var answer = await asked;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>An endpoint with 200 predictions in each of two weeks; of the second, 60 % of the labels are known.</summary>
    private static async Task<TestServer> LoggedAsync(string inputs = """{"x": 8.5}""")
    {
        var server = await TestServer.StartAsync(Engine.Sqlite);
        var version = await server.RegisterAsync("m");
        await server.Client.PutClaimsAsync("m", "1", await server.ClaimsOfAsync(version));
        await server.Client.DeployAsync("e", "m", "1");
        var rows = Enumerable.Range(0, 400).Select(i => new LoggedRow($"f{i}", Monday.AddDays(i / 200 * 7).AddMinutes(i % 200), i * 37 % 101 / 101.0, i % 3 == 0) { Inputs = inputs }).ToList();
        await PredictionFiles.PutAsync(server, "e", rows);
        await PredictionFiles.LabelAsync(server, "e", rows.Take(320).Select(r => (r.Id, (object)(r.Late ? 1 : 0), r.At.AddHours(3), 0)));
        return server;
    }

    private static async Task<string> PageAsync(TestServer server, string path)
    {
        using var answer = await server.Http.GetAsync(path.TrimStart('/'));
        var html = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, html);
        return html;
    }

    private static async Task<(HttpStatusCode Status, string Location)> SendFormAsync(TestServer server, string path, params (string Name, string Value)[] fields)
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = server.Address };
        using var answer = await http.PostAsync(path, new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))));
        return (answer.StatusCode, answer.Headers.Location?.OriginalString ?? "");
    }
}
