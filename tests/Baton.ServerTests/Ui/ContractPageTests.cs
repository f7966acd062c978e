using System.Net;
using System.Text.RegularExpressions;
using Baton.Client;
using Baton.Contracts;
using Baton.Database;
using Baton.Testing;
using Xunit;

namespace Baton.ServerTests.Ui;

/// <summary>The page of a contract, where both sides walk through what is open, with plain forms.</summary>
public sealed class ContractPageTests
{
    private const string Hostile = "<img src=x onerror=alert(1)>&\"'";

    [Theory, EachDatabase]
    public async Task The_page_groups_the_clauses_and_leads_from_one_open_clause_to_the_next(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.HandOverAsync("m", TestServer.ContractOf("m"));
        await server.VerifyNextAsync(Verdict.Pass, c => c.Name == "reproduces" ? c : Straddling(c));
        var page = await PageAsync(server, "models/m/contract");
        Assert.Equal(["Model", "Service"], Regex.Matches(page, "<h2 id=\"group-[^\"]+\">([^<]+)</h2>").Select(m => m.Groups[1].Value));
        Assert.Contains("Contract 1.0.0", page, StringComparison.Ordinal);
        Assert.Contains("2 clauses to walk through together", page, StringComparison.Ordinal);
        Assert.Contains("href=\"#talk-metrics.roc_auc\">Begin with metrics.roc_auc</a>", page, StringComparison.Ordinal);
        Assert.Contains("href=\"#talk-latency\">latency →</a>", Article(page, "metrics.roc_auc"), StringComparison.Ordinal);
        Assert.Contains("href=\"#talk-metrics.roc_auc\">← metrics.roc_auc</a>", Article(page, "latency"), StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"walk\"", Article(page, "reproduces"), StringComparison.Ordinal);
        // The interval is drawn against the bound by the server.
        Assert.Contains("<rect class=\"bar\"", Article(page, "metrics.roc_auc"), StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\sstyle=""|\son\w+=""|<script>|<style", page);
    }

    [Fact]
    public async Task Forms_offer_accept_sign_waive_and_comment_and_lead_back_to_the_clause()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var (_, handoff) = await server.HandOverAsync("m", TestServer.ContractOf("m"));
        await server.VerifyNextAsync(Verdict.Pass, c => c.Name == "metrics.roc_auc" ? Straddling(c) : c);
        var digest = handoff.ContractDigest;
        var (status, location) = await SendFormAsync(server, "models/m/contract/offers", ("digest", digest), ("clause", "metrics.roc_auc"), ("change", "min: 0.58"), ("reason", Hostile));
        Assert.Equal((HttpStatusCode.SeeOther, $"/models/m/contract?digest={Uri.EscapeDataString(digest)}#talk-metrics.roc_auc"), (status, location));
        var talk = Article(await PageAsync(server, location), "metrics.roc_auc");
        Assert.Contains("under the offer", talk, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", talk, StringComparison.Ordinal);

        var offer = Assert.Single(await server.Client.ListOffersAsync("m"));
        await SendFormAsync(server, "models/m/contract/decisions", ("digest", digest), ("clause", "metrics.roc_auc"), ("id", offer.Id), ("decision", "accept"), ("reason", ""));
        var proposal = (await server.Client.ListContractsAsync("m")).Single(c => c.Status == ContractStatus.Proposed);
        foreach (var side in (string[])["model", "service"])
            await SendFormAsync(server, "models/m/contract/signatures", ("digest", proposal.Digest), ("side", side));
        Assert.Equal("2.0.0", (await server.Client.FindContractAsync("m"))!.Version);
        Assert.Matches("metrics.roc_auc.min</code>\\s+0.60? → <strong>0.58</strong>", await PageAsync(server, "models/m/contract"));

        await server.Client.VerifyAsync("m", "1");
        await server.VerifyNextAsync(Verdict.Pass, c => c.Name == "latency" ? c with { Verdict = Verdict.Fail } : c);
        await SendFormAsync(server, "models/m/contract/waivers", ("digest", proposal.Digest), ("clause", "latency"), ("waived", "latency"), ("version", "1"),
            ("until", DateTime.UtcNow.AddDays(30).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)), ("reason", "the machine was busy"), ("ticket", ""));
        Assert.True((await server.Client.GetGateAsync("m", "1", "production")).Open);
        var page = await PageAsync(server, "models/m/contract");
        Assert.Contains("the verdict stays; the gate lets it pass", Article(page, "latency"), StringComparison.Ordinal);
        Assert.Contains("Nothing is open.", page, StringComparison.Ordinal);
        Assert.Contains("the gate lets it pass", await PageAsync(server, "models/m/versions/1"), StringComparison.Ordinal);

        (_, location) = await SendFormAsync(server, "models/m/comments", ("act", "add"), ("on", $"models/m/contracts/{proposal.Digest}/clauses/latency"), ("text", Hostile), ("back", $"contract?digest={proposal.Digest}#talk-latency"));
        Assert.Equal($"/models/m/contract?digest={proposal.Digest}#talk-latency", location);
        page = await PageAsync(server, location);
        Assert.Contains("&lt;img src=x", Article(page, "latency"), StringComparison.Ordinal);
        Assert.Contains("1 clause to walk through together", page, StringComparison.Ordinal);
        var comment = Assert.Single(await server.Client.ListCommentsAsync("models/m"));
        await SendFormAsync(server, "models/m/comments", ("act", "resolve"), ("id", comment.Id), ("back", "contract"));
        Assert.Contains("Nothing is open.", await PageAsync(server, "models/m/contract"), StringComparison.Ordinal);
        // A form leads nowhere but below the model.
        (_, location) = await SendFormAsync(server, "models/m/comments", ("act", "reopen"), ("id", comment.Id), ("back", "../../elsewhere"));
        Assert.Equal("/models/m/", location);
    }

    [Theory, EachDatabase]
    public async Task Candidates_stand_side_by_side_and_a_version_is_likened_to_production_and_to_its_past(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.HandOverAsync("m", TestServer.ContractOf("m"));
        await server.VerifyNextAsync(Verdict.Pass);
        await server.Client.PromoteAsync("m", "1", "production");
        foreach (var _ in (int[])[2, 3])
        {
            var version = await server.RegisterAsync("m");
            await server.Client.PutClaimsAsync("m", version.Version, await server.ClaimsOfAsync(version));
        }

        var together = await server.Client.SubmitHandoffAsync("m", ["2", "3"], "the smaller one, too");
        await server.VerifyNextAsync(Verdict.Pass);
        await server.VerifyNextAsync(Verdict.Pass, c => c.Name == "latency" ? c with { Verdict = Verdict.Fail, Measured = 0.9 } : c);
        var page = await PageAsync(server, $"handoffs/{together.Id}");
        Assert.Equal(["2", "3"], Regex.Matches(page, ">version (\\d+)</a>").Select(m => m.Groups[1].Value));
        var row = Regex.Match(page, "<th scope=\"row\"><code>latency</code></th>.*?</tr>", RegexOptions.Singleline).Value;
        Assert.Equal(["pass", "fail"], Regex.Matches(row, "class=\"mark (\\w+)\"").Select(m => m.Groups[1].Value).Order(StringComparer.Ordinal).Reverse());

        var failed = (await server.Client.ListVerificationsAsync("m")).First(v => v.Verdict == Verdict.Fail).Version;
        var shown = await PageAsync(server, $"models/m/versions/{failed}");
        Assert.Matches("2 of 3 clauses came out as those of\\s+<a[^>]*>version 1</a>, in production; this one differs:", shown);
        Assert.Contains($"/handoffs/{together.Id}", shown, StringComparison.Ordinal);
        Assert.Contains($"version {failed} fail with 0.9", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stale_evidence_says_so_on_its_page()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var (version, _) = await server.HandOverAsync("m", TestServer.ContractOf("m"));
        await server.VerifyNextAsync(Verdict.Pass);
        Assert.DoesNotContain("Stale:", await PageAsync(server, "models/m/versions/1"), StringComparison.Ordinal);
        await server.Client.PutClaimsAsync("m", "1", (await server.ClaimsOfAsync(version)) with { Seed = "7" });
        Assert.Contains("the claims changed since, so this evidence opens no gate", await PageAsync(server, "models/m/versions/1"), StringComparison.Ordinal);
        Assert.Contains("the evidence is stale", await PageAsync(server, "models/m/contract"), StringComparison.Ordinal);
    }

    private static ClauseResult Straddling(ClauseResult clause) =>
        clause with { Verdict = Verdict.Inconclusive, Measured = 0.61, Interval = new Interval(0.59, 0.63, 0.95), Bound = new Bound(0.60) };

    private static string Article(string page, string clause) =>
        Regex.Match(page, $"<article class=\"card clauses talk\" id=\"talk-{Regex.Escape(clause)}\">.*?<div class=\"said-of\">.*?</div>\\s*</article>", RegexOptions.Singleline) is { Success: true } found
            ? found.Value
            : throw new InvalidOperationException($"The page has no {clause}.");

    private static async Task<string> PageAsync(TestServer server, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/html");
        using var answer = await server.Http.SendAsync(request);
        var html = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, html);
        return html;
    }

    private static async Task<(HttpStatusCode Status, string Location)> SendFormAsync(TestServer server, string path, params (string Name, string Value)[] fields)
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = server.Address };
        using var answer = await http.PostAsync(path, new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))));
        Assert.True(answer.StatusCode == HttpStatusCode.SeeOther, await answer.Content.ReadAsStringAsync());
        return (answer.StatusCode, answer.Headers.Location?.OriginalString ?? "");
    }
}
