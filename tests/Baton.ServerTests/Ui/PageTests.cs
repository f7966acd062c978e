using System.Net;
using System.Text.RegularExpressions;
using Baton.Client;
using Baton.Contracts;
using Baton.Database;
using Baton.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Baton.ServerTests.Ui;

/// <summary>Pages as the server writes them; the browser's tests are in Baton.EndToEndTests.</summary>
public sealed class PageTests
{
    private const string Hostile = "<img src=x onerror=alert(1)>&\"'";

    [Theory, EachDatabase]
    public async Task While_a_verification_waits_or_runs_its_page_renews_itself_and_tells_the_progress(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.HandOverAsync("m", TestServer.ContractOf("m"));
        var job = await server.Agent.ClaimJobAsync("a laptop", ["verification"], TimeSpan.FromSeconds(10));
        await server.Agent.HeartbeatAsync(job!.Id, job.Attempt, "measuring the latency");
        var running = await PageAsync(server, "models/m/versions/1");
        Assert.Contains("<meta http-equiv=\"refresh\" content=\"2\"", running, StringComparison.Ordinal);
        Assert.Contains("Being verified: measuring the latency", running, StringComparison.Ordinal);
        Assert.DoesNotContain("<form", running, StringComparison.Ordinal);

        await server.Agent.FailJobAsync(job.Id, job.Attempt, "the laptop went to sleep");
        await server.VerifyNextAsync(Verdict.Pass);
        var verified = await PageAsync(server, "models/m/versions/1");
        Assert.DoesNotContain("http-equiv", verified, StringComparison.Ordinal);
        Assert.Contains("Version 1 keeps the contract: all 3 clauses hold.", verified, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_of_a_model_names_the_aliases_of_each_version()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        await AliasedAsync(server);
        var rows = Regex.Matches(await PageAsync(server, "models/m"), "<th scope=\"row\">.*?</tr>", RegexOptions.Singleline).Select(m => m.Value).ToList();
        Assert.Equal(["@blue", "@champion"], AliasesIn(rows.Single(r => r.Contains(">m/1<", StringComparison.Ordinal))));
        Assert.Empty(AliasesIn(rows.Single(r => r.Contains(">m/2<", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task The_page_of_a_version_names_its_aliases()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        await AliasedAsync(server);
        Assert.Equal(["@blue", "@champion"], AliasesIn(await PageAsync(server, "models/m/versions/1")));
        Assert.Empty(AliasesIn(await PageAsync(server, "models/m/versions/2")));
    }

    private static async Task AliasedAsync(TestServer server)
    {
        await server.RegisterAsync("m");
        await server.RegisterAsync("m");
        foreach (var alias in (string[])["champion", "blue"])
            await server.MlflowAsync(HttpMethod.Post, "registered-models/alias", new { name = "m", alias, version = "1" });
    }

    private static IEnumerable<string> AliasesIn(string page) =>
        Regex.Matches(page, "<span class=\"alias\"[^>]*>([^<]*)</span>").Select(m => WebUtility.HtmlDecode(m.Groups[1].Value));

    [Fact]
    public async Task A_form_promotes_and_the_page_it_leads_to_says_so()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        await server.HandOverAsync("m", TestServer.ContractOf("m"));
        await server.VerifyNextAsync(Verdict.Pass);
        var (status, location) = await SendFormAsync(server, "models/m/versions/1/promote", ("stage", "production"), ("expected_current", ""), ("reason", "agreed on Monday"));
        Assert.Equal((HttpStatusCode.SeeOther, "/models/m/versions/1?asked=production"), (status, location));
        Assert.Contains("Version 1 is in production now.", await PageAsync(server, location), StringComparison.Ordinal);
        Assert.Contains("agreed on Monday", await PageAsync(server, "ledger"), StringComparison.Ordinal);
        Assert.Equal("1", (await server.Client.GetStagesAsync("m"))[0].Version);
    }

    [Fact]
    public async Task A_form_sent_from_a_page_that_is_out_of_date_moves_nothing_and_says_why()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        await server.RegisterAsync("free");
        await server.RegisterAsync("free");
        await server.Client.PromoteAsync("free", "1", "production");
        var (_, location) = await SendFormAsync(server, "models/free/versions/2/promote", ("stage", "production"), ("expected_current", ""));
        Assert.Contains("Not moved: somebody moved production meanwhile.", await PageAsync(server, location), StringComparison.Ordinal);
        Assert.Equal("1", (await server.Client.GetStagesAsync("free"))[0].Version);
    }

    [Fact]
    public async Task A_form_verifies_again()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        await server.HandOverAsync("m", TestServer.ContractOf("m"));
        await server.VerifyNextAsync(Verdict.Inconclusive);
        var (status, location) = await SendFormAsync(server, "models/m/versions/1/verify");
        Assert.Equal(HttpStatusCode.SeeOther, status);
        Assert.Contains("Waiting for an agent to verify it.", await PageAsync(server, location), StringComparison.Ordinal);
        Assert.Equal(2, (await server.Client.ListVerificationsAsync("m", "1")).Count);
    }

    [Fact]
    public async Task A_form_of_another_site_is_not_taken()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        await server.RegisterAsync("m");
        using var request = new HttpRequestMessage(HttpMethod.Post, "models/m/versions/1/promote") { Content = new FormUrlEncodedContent([new("stage", "production")]) };
        request.Headers.Add("Origin", "https://elsewhere.example");
        using var answer = await server.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Empty(await server.Client.GetStagesAsync("m"));
    }

    [Fact]
    public async Task An_agents_token_opens_no_page()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        using var request = new HttpRequestMessage(HttpMethod.Get, "ledger");
        request.Headers.Authorization = new("Bearer", TestServer.AgentToken);
        using var answer = await server.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task What_users_write_is_text_and_nothing_is_inline()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var experiment = await server.Client.GetOrCreateExperimentAsync(Hostile);
        var run = await server.Client.CreateRunAsync(experiment.ExperimentId, Hostile, [new("mlflow.note.content", Hostile), new("mlflow.source.git.commit", Hostile)]);
        await server.Client.LogBatchAsync(run.Info.RunId, [new("m/e tric", double.NaN, 1), new("curve", 1, 1, 1), new("curve", double.PositiveInfinity, 2, 2)], [new("param", Hostile)]);
        await server.Client.PutArtifactAsync(run.Info.ArtifactUri, "model/a b&c.onnx", new MemoryStream([1]));
        await server.Client.EnsureRegisteredModelAsync("<b>bold", Hostile);
        await server.Client.CreateModelVersionAsync("<b>bold", $"runs:/{run.Info.RunId}/model", run.Info.RunId, Hostile);
        foreach (var path in (string[])["", $"models/{Uri.EscapeDataString("<b>bold")}", $"models/{Uri.EscapeDataString("<b>bold")}/versions/1", "runs", $"runs/{run.Info.RunId}", "ledger", $"ledger?subject={Uri.EscapeDataString(Hostile)}"])
        {
            var html = await PageAsync(server, path);
            Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
            Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
            Assert.DoesNotMatch(@"\sstyle=""|\son\w+=""|<script>|<style", html);
        }

        var file = Regex.Match(await PageAsync(server, $"runs/{run.Info.RunId}"), "href=\"([^\"]*onnx)\"").Groups[1].Value;
        Assert.Equal([1], await server.Http.GetByteArrayAsync(WebUtility.HtmlDecode(file)));
    }

    [Fact]
    public async Task A_version_that_could_not_be_sealed_says_why_and_what_to_do()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        await server.Client.EnsureRegisteredModelAsync("m");
        await server.Client.CreateModelVersionAsync("m", "s3://bucket/model");
        var html = await PageAsync(server, "models/m/versions/1");
        Assert.Contains("It is unsealed: Baton could not read <code>s3://bucket/model</code>", html, StringComparison.Ordinal);
        Assert.Contains("open: no contract", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_chain_of_hashes_is_told()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        await server.RegisterAsync("m");
        Assert.Contains("The chain of hashes is whole.", await PageAsync(server, "ledger"), StringComparison.Ordinal);
        var database = server.Running.Services.GetRequiredService<BatonDatabase>();
        var next = await database.ReadAsync(sql => sql.ScalarAsync<long>("SELECT MAX(seq) + 1 FROM ledger"));
        await database.WriteAsync(sql => sql.ExecuteAsync(
            """
            INSERT INTO ledger (seq, id, project, at, actor, action, subject, detail, hash)
            VALUES (@next, 'forged', 'default', 1, 'nobody', 'promotion.done', 'models/m/versions/1', '{}', 'sha256:00')
            """,
            new { next }));
        Assert.Contains($"The chain of hashes is broken at row {next}:", await PageAsync(server, "ledger"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_ledger_goes_on_from_page_to_page_and_keeps_its_filter()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        await server.RegisterAsync("named");
        await server.RegisterAsync("named");
        for (var i = 0; i < 30; i++)
        {
            await server.Client.SetAliasAsync("named", "best", "1");
            await server.Client.SetAliasAsync("named", "best", "2");
        }

        var rows = new List<string>();
        for (var address = "ledger?subject=models/named"; ;)
        {
            var html = await PageAsync(server, address);
            rows.AddRange(Regex.Matches(html, "id=\"row-(\\d+)\"").Select(m => m.Groups[1].Value));
            if (Regex.Match(html, "rel=\"next\" href=\"([^\"]+)\"") is not { Success: true } older)
                break;
            address = WebUtility.HtmlDecode(older.Groups[1].Value);
        }

        var entries = (await server.Client.ReadLedgerAsync("models/named")).Entries;
        Assert.True(entries.Count > 50);
        Assert.Equal(entries.Select(e => $"{e.Seq}").Reverse(), rows);
    }

    [Fact]
    public async Task Assets_are_named_by_their_content_and_kept_for_good()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var html = await PageAsync(server, "");
        var assets = Regex.Matches(html, "\"(/ui/[^\"]+)\"").Select(m => m.Groups[1].Value).Distinct().ToList();
        Assert.Equal([".css", ".js", ".js", ".svg"], assets.Select(Path.GetExtension).Order(StringComparer.Ordinal));
        foreach (var asset in assets)
        {
            Assert.Matches(@"^/ui/[\w-]+\.[0-9a-f]{12}\.(css|js|svg)$", asset);
            using var answer = await server.Http.GetAsync(asset);
            Assert.True(answer.Headers.CacheControl is { Public: true, MaxAge.TotalDays: >= 365 });
            Assert.Contains("immutable", answer.Headers.CacheControl.ToString(), StringComparison.Ordinal);
            Assert.Equal(
                Path.GetExtension(asset) switch { ".css" => "text/css", ".js" => "text/javascript", _ => "image/svg+xml" }, answer.Content.Headers.ContentType?.MediaType);
        }

        using var missing = await server.Http.GetAsync("ui/baton.css");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    private static async Task<string> PageAsync(TestServer server, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/html");
        using var answer = await server.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        return await answer.Content.ReadAsStringAsync();
    }

    private static async Task<(HttpStatusCode Status, string Location)> SendFormAsync(TestServer server, string path, params (string Name, string Value)[] fields)
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = server.Address };
        using var answer = await http.PostAsync(path, new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))));
        return (answer.StatusCode, answer.Headers.Location?.OriginalString ?? "");
    }
}
