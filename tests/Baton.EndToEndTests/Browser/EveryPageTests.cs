using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Baton.EndToEndTests.Browser;

/// <summary>What holds of every page.</summary>
public sealed partial class EveryPageTests(QuickstartStory quickstart, Chromium chromium)
{
    private const int LargestPage = 150_000;
    private const int LargestScripts = 120_000;

    private static readonly string[] Kinds =
    [
        @"^/$", @"^/models/[^/]+$", @"^/models/[^/]+/versions/\d+$", @"^/runs$", @"^/runs/[0-9a-f]{32}$", @"^/ledger$",
        @"^/models/[^/]+/contract$", @"^/handoffs/[0-9a-f]{32}$",
        @"^/endpoints$", @"^/endpoints/[^/]+$", @"^/endpoints/[^/]+/predictions/[^/]+$",
    ];

    [Theory]
    [InlineData("")]
    [InlineData("p/default/")]
    public async Task Whatever_is_linked_from_the_first_page_is_there(string prefix)
    {
        var story = await quickstart.ToldAsync();
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        var seen = await CrawlAsync(http, new Uri(story.Address, prefix));

        var root = "/" + prefix;
        Assert.All(seen.Keys, address => Assert.StartsWith(root, address.AbsolutePath));
        foreach (var kind in Kinds)
            Assert.Contains(seen.Keys, address => Regex.IsMatch(address.AbsolutePath[(root.Length - 1)..], kind));
        Assert.All(seen.Values.Where(p => p.IsPage), page => Assert.True(page.Length < LargestPage, $"{page.Address} takes {page.Length} bytes"));
        var scripts = seen.Values.Where(p => p.Address.AbsolutePath.EndsWith(".js", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(scripts);
        Assert.True(scripts.Sum(s => s.Length) < LargestScripts);
    }

    [Theory]
    [InlineData(1280, true)]
    [InlineData(400, true)]
    [InlineData(1280, false)]
    public async Task It_opens_calmly_has_one_heading_readable_colours_and_never_scrolls_sideways(int width, bool javaScript)
    {
        var story = await quickstart.ToldAsync();
        using var http = new HttpClient();
        var pages = (await CrawlAsync(http, story.Address)).Values.Where(p => p.IsPage && p.Address.Query.Length == 0).Select(p => p.Address).ToList();
        await chromium.VisitAsync(story.Address, async page =>
        {
            foreach (var address in pages)
            {
                await page.GotoAsync(address.AbsoluteUri);
                await Expect(page.GetByRole(AriaRole.Main)).ToHaveCountAsync(1);
                await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveCountAsync(1);
                await Expect(page).ToHaveTitleAsync(new Regex(". · Baton$"));
                if (!javaScript)
                    continue;
                Assert.Equal(width, await page.EvaluateAsync<int>("Math.max(document.documentElement.scrollWidth, innerWidth)"));
                Assert.Empty(await page.EvaluateAsync<string[]>(FaintTexts));
                Assert.Empty(await page.EvaluateAsync<string[]>("[...document.querySelectorAll('input:not([type=hidden])')].filter(i => !i.labels.length).map(i => i.name)"));
            }
        }, javaScript, width);
    }

    [Fact]
    public async Task The_keyboard_reaches_everything_and_one_sees_where_it_is()
    {
        var story = await quickstart.ToldAsync();
        await chromium.VisitAsync(story.Address, async page =>
        {
            await page.GotoAsync(story["baseline"].Path);
            await page.Keyboard.PressAsync("Tab");
            var skip = page.GetByRole(AriaRole.Link, new() { Name = "Skip to the content" });
            await Expect(skip).ToBeFocusedAsync();
            await Expect(skip).ToBeInViewportAsync();

            foreach (var name in (string[])["Baton", "Models", "Runs", "Endpoints", "Ledger"])
            {
                await page.Keyboard.PressAsync("Tab");
                await Expect(page.GetByRole(AriaRole.Banner).GetByRole(AriaRole.Link, new() { Name = name })).ToBeFocusedAsync();
                Assert.Equal("solid 2px", await page.EvaluateAsync<string>("(s => `${s.outlineStyle} ${s.outlineWidth}`)(getComputedStyle(document.activeElement))"));
            }

            var focused = new List<string>();
            for (var i = 0; i < 60 && !focused.Contains("Promote to production"); i++)
            {
                await page.Keyboard.PressAsync("Tab");
                focused.Add(await page.EvaluateAsync<string>("document.activeElement.textContent.trim()"));
            }

            Assert.Contains("Promote to production", focused);
            await page.Keyboard.PressAsync("Enter");
            await Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        });
    }

    [Fact]
    public async Task An_empty_project_tells_what_to_do_next()
    {
        var story = await quickstart.ToldAsync();
        await chromium.VisitAsync(story.Address, async page =>
        {
            await page.GotoAsync("p/nothing-here/");
            await Expect(page.GetByText("./baton quickstart")).ToBeVisibleAsync();
            await Expect(page.GetByText($"mlflow.set_tracking_uri(\"{story.Address.GetLeftPart(UriPartial.Authority)}/p/nothing-here\")")).ToBeVisibleAsync();
            await page.GetByRole(AriaRole.Link, new() { Name = "Runs" }).ClickAsync();
            await Expect(page.GetByText("No run here yet")).ToBeVisibleAsync();
            await page.GetByRole(AriaRole.Link, new() { Name = "Ledger" }).ClickAsync();
            await Expect(page.GetByText("Nothing was decided yet.")).ToBeVisibleAsync();
        });
    }

    [Fact]
    public async Task A_missing_page_is_a_page_for_people_and_a_problem_for_programs()
    {
        var story = await quickstart.ToldAsync();
        await chromium.VisitAsync(story.Address, async page =>
        {
            await page.GotoAsync("models/never-registered");
            await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("There is no such thing");
            await Expect(page.GetByText("never-registered")).ToBeVisibleAsync();
            await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "Models" }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Models");
        }, expectedStatus: 404);

        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(story.Address, "models/never-registered"));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_link_that_an_MLflow_client_prints_leads_to_the_run()
    {
        var story = await quickstart.ToldAsync();
        var run = story.Summary.GetProperty("runs")[0];
        await chromium.VisitAsync(story.Address, async page =>
        {
            await page.GotoAsync($"#/experiments/1/runs/{run.GetProperty("run_id").GetString()}");
            await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(run.GetProperty("name").GetString()!);
        });
    }

    // Texts with less than 4.5 : 1 between them and the nearest ground that is not transparent.
    private const string FaintTexts = """
        (() => {
          const parse = (text) => text.match(/[\d.]+/g).map(Number);
          const light = ([r, g, b]) => [r, g, b].map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
          const ground = (e) => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.length === 3 || c[3] > 0) return c; } return [255, 255, 255]; };
          return [...document.querySelectorAll("body *:not(svg *)")]
            .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()) && e.checkVisibility())
            .filter((e) => { const [a, b] = [light(parse(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x); return (a + 0.05) / (b + 0.05) < 4.5; })
            .map((e) => `${e.tagName}.${e.className}: ${e.textContent.trim().slice(0, 40)}`);
        })()
        """;

    private static async Task<Dictionary<Uri, Answer>> CrawlAsync(HttpClient http, Uri first)
    {
        var seen = new Dictionary<Uri, Answer>();
        var waiting = new Queue<Uri>([first]);
        while (waiting.TryDequeue(out var address))
        {
            if (seen.ContainsKey(address))
                continue;
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Accept.ParseAdd("text/html");
            using var answer = await http.SendAsync(request);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{address} answers {(int)answer.StatusCode}");
            var body = await answer.Content.ReadAsByteArrayAsync();
            var isPage = answer.Content.Headers.ContentType?.MediaType == "text/html";
            seen.Add(address, new Answer(address, isPage, body.Length));
            if (!isPage && !address.AbsolutePath.EndsWith(".css", StringComparison.Ordinal) && !address.AbsolutePath.EndsWith(".js", StringComparison.Ordinal))
                continue;
            foreach (Match link in Link().Matches(System.Text.Encoding.UTF8.GetString(body)))
            {
                var target = new UriBuilder(new Uri(address, WebUtility.HtmlDecode(link.Groups[1].Value))) { Fragment = "" }.Uri;
                if (target.Authority == first.Authority)
                    waiting.Enqueue(target);
            }
        }

        return seen;
    }

    [GeneratedRegex("""(?:(?:href|src)="|@import "|import\(")([^"]+)""")]
    private static partial Regex Link();

    private sealed record Answer(Uri Address, bool IsPage, int Length);
}
