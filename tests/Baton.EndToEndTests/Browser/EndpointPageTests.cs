using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Baton.Client;
using Baton.Testing;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Baton.EndToEndTests.Browser;

/// <summary>What an endpoint serves and what that was worth, in a browser.</summary>
public sealed class EndpointPageTests(QuickstartStory quickstart, Chromium chromium)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_tells_what_serves_now_and_the_figures_of_every_week(bool javaScript)
    {
        var story = await quickstart.ToldAsync();
        var weeks = story.Summary.GetProperty("weeks").EnumerateArray().ToList();
        Assert.NotEmpty(weeks);
        await chromium.VisitAsync(story.Address, async page =>
        {
            await page.GotoAsync("");
            await page.GetByRole(AriaRole.Link, new() { Name = "Endpoints" }).ClickAsync();
            await page.GetByRole(AriaRole.Link, new() { Name = EndpointOf(story), Exact = true }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(EndpointOf(story));
            var champion = story["champion"];
            await Expect(page.Locator(".serving")).ToContainTextAsync($"{champion.Model}/{champion.Version}");
            await Expect(page.Locator(".serving")).ToContainTextAsync("verified");

            var rows = page.Locator("table.weeks tbody tr");
            // Oldest first: what other tests send today comes after the weeks of the story.
            foreach (var (at, week) in weeks.Index())
            {
                await Expect(rows.Nth(at)).ToBeVisibleAsync();
                await Expect(rows.Nth(at).GetByRole(AriaRole.Rowheader)).ToHaveTextAsync(week.GetProperty("week").GetString()!);
                await Expect(rows.Nth(at)).ToContainTextAsync(week.GetProperty("predictions").GetInt32().ToString("N0", CultureInfo.InvariantCulture));
                await Expect(rows.Nth(at)).ToContainTextAsync(week.GetProperty("roc_auc").GetDouble().ToString("0.0000", CultureInfo.InvariantCulture));
                await Expect(rows.Nth(at)).ToContainTextAsync(week.GetProperty("brier_score").GetDouble().ToString("0.0000", CultureInfo.InvariantCulture));
            }

            var chart = page.Locator("baton-chart");
            await Expect(chart.Locator("canvas")).ToHaveCountAsync(javaScript ? 1 : 0);
            if (javaScript)
            {
                await Expect(chart).ToHaveAttributeAsync("data-ready", "");
                await Expect(chart.Locator(".u-legend")).ToContainTextAsync(new Regex("Week of.*Late rate.*ROC AUC.*Brier score"));
            }
        }, javaScript);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_prediction_is_looked_into_and_replayed_through_the_version_that_answered(bool javaScript)
    {
        var story = await quickstart.ToldAsync();
        await chromium.VisitAsync(story.Address, async page =>
        {
            await page.GotoAsync($"endpoints/{EndpointOf(story)}");
            await page.Locator("table", new() { HasText = "Event time" }).GetByRole(AriaRole.Link).First.ClickAsync();
            await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Prediction");
            foreach (var input in (string[])["hour", "weekday", "distance", "origin", "destination"])
                await Expect(page.GetByRole(AriaRole.Rowheader, new() { Name = input, Exact = true })).ToBeVisibleAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Replay" }).ClickAsync(new() { Timeout = 40_000 });
            await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync($"Version {story["champion"].Version} answers the same", new() { Timeout = 40_000 });
            await Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "Replayed" })).ToBeVisibleAsync();

            await page.GetByLabel("Version").SelectOptionAsync(story["baseline"].Version);
            await page.GetByRole(AriaRole.Button, new() { Name = "Replay" }).ClickAsync(new() { Timeout = 40_000 });
            await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync($"Version {story["baseline"].Version} answers differently", new() { Timeout = 40_000 });
        }, javaScript);
    }

    [Fact]
    public async Task The_request_that_the_page_shows_is_answered()
    {
        var story = await quickstart.ToldAsync();
        await chromium.VisitAsync(story.Address, async page =>
        {
            await page.GotoAsync($"endpoints/{EndpointOf(story)}");
            var shown = Regex.Match(await page.Locator("pre", new() { HasText = "/infer" }).InnerTextAsync(), @"^curl -s (\S+) -d '([^']*)'\s*$");
            Assert.True(shown.Success);
            using var http = new HttpClient();
            using var answer = await http.PostAsync(new Uri(shown.Groups[1].Value), new StringContent(shown.Groups[2].Value, Encoding.UTF8, "application/json"));
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
            using var body = JsonDocument.Parse(text);
            Assert.Contains(body.RootElement.GetProperty("outputs").EnumerateArray(), o => o.GetProperty("name").GetString() == "probabilities");
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_click_rolls_back_and_the_history_says_so(bool javaScript)
    {
        var story = await quickstart.ToldAsync();
        var project = $"rollback-{(javaScript ? "with" : "without")}-scripts";
        using (var client = new BatonClient(story.Address, project: project))
        {
            await RegisterAsync(client);
            await RegisterAsync(client);
            await client.DeployAsync("delays", "free", "1");
            await client.DeployAsync("delays", "free", "2");
        }

        await chromium.VisitAsync(story.Address, async page =>
        {
            await page.GotoAsync($"p/{project}/endpoints/delays");
            await page.GetByLabel("Why (optional, for the ledger)").FillAsync("it drifts");
            await page.GetByRole(AriaRole.Button, new() { Name = "Roll back to version 1" }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Rolled back: version 1 serves in place of version 2.");
            await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Roll back" })).ToHaveCountAsync(0);
            var newest = page.Locator("table", new() { HasText = "In place of" }).Locator("tbody tr").First;
            await Expect(newest).ToContainTextAsync("Rolled back to version 1");
            await Expect(newest).ToContainTextAsync("it drifts");
            await page.GetByRole(AriaRole.Link, new() { Name = "In the ledger" }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Row).Nth(1)).ToContainTextAsync("rolled back");
        }, javaScript);
    }

    private static string EndpointOf(Story story) => story.Summary.GetProperty("endpoint").GetProperty("name").GetString()!;

    /// <summary>The next version of a model that has no contract: it deploys freely.</summary>
    private static async Task RegisterAsync(BatonClient client)
    {
        var experiment = await client.GetOrCreateExperimentAsync("tests");
        var run = await client.CreateRunAsync(experiment.ExperimentId, "a run", []);
        await using (var file = File.OpenRead(Path.Combine(Repository.Root, "samples", "flights", "baseline", "model.onnx")))
            await client.PutArtifactAsync(run.Info.ArtifactUri, "model/model.onnx", file);
        await client.EnsureRegisteredModelAsync("free");
        await client.CreateModelVersionAsync("free", $"runs:/{run.Info.RunId}/model", run.Info.RunId);
    }
}
