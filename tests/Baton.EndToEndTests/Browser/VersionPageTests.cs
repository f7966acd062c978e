using Baton.Contracts;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Baton.EndToEndTests.Browser;

/// <summary>The one screen that tells a version's lap.</summary>
public sealed class VersionPageTests(QuickstartStory quickstart, Chromium chromium)
{
    [Theory]
    [InlineData("champion", true)]
    [InlineData("champion", false)]
    [InlineData("baseline", true)]
    [InlineData("baseline", false)]
    [InlineData("challenger", true)]
    [InlineData("challenger", false)]
    public async Task It_tells_the_verdict_and_of_each_clause_what_was_claimed_and_measured_and_why(string name, bool javaScript)
    {
        var story = await quickstart.ToldAsync();
        var version = story[name];
        await chromium.VisitAsync(story.Address, async page =>
        {
            await page.GotoAsync(version.Path);
            var heading = version.Verdict switch
            {
                Verdict.Pass => $"Version {version.Version} keeps the contract",
                Verdict.Fail => $"Version {version.Version} breaks the contract",
                _ => $"The evidence cannot tell whether version {version.Version} keeps the contract",
            };
            await Expect(page.GetByRole(AriaRole.Heading, new() { Name = heading })).ToBeVisibleAsync();
            var clauses = page.GetByRole(AriaRole.Table).First;
            foreach (var clause in version.Clauses)
            {
                var row = clauses.GetByRole(AriaRole.Row).Filter(new() { Has = page.GetByText(clause.Name, new() { Exact = true }) }).First;
                await Expect(row.GetByRole(AriaRole.Rowheader)).ToContainTextAsync(Spoken(clause.Verdict));
                if (clause.Interval is { } interval && !clause.Name.Equals("latency", StringComparison.Ordinal))
                    await Expect(row).ToContainTextAsync($"{interval.Low:0.0000} to {interval.High:0.0000}");
                if (clause.Claimed?.Text is { } claimed)
                    await Expect(row).ToContainTextAsync(claimed);
                await Expect(clauses.GetByText(clause.Reason).First).ToBeVisibleAsync();
            }
        }, javaScript);
    }

    [Fact]
    public async Task The_strip_tells_every_leg_from_the_run_to_the_stage()
    {
        var story = await quickstart.ToldAsync();
        await chromium.VisitAsync(story.Address, async page =>
        {
            await page.GotoAsync(story["champion"].Path);
            var legs = page.GetByRole(AriaRole.List, new() { Name = "The lap of this version" }).GetByRole(AriaRole.Listitem);
            await Expect(legs).ToContainTextAsync(["Run", "Data", "Code", "Package", "Contract", "Verification", "Stage"]);
            await Expect(legs.Nth(1)).ToContainTextAsync("2 datasets");
            await Expect(legs.Nth(4)).ToContainTextAsync("in force");
            await Expect(legs.Nth(5)).ToContainTextAsync("pass");
            await Expect(legs.Nth(6)).ToContainTextAsync("production");

            await legs.Nth(0).GetByRole(AriaRole.Link).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("champion");
            await Expect(page.GetByRole(AriaRole.Link, new() { Name = $"{story["champion"].Model}/{story["champion"].Version}" })).ToBeVisibleAsync();
        });
    }

    [Fact]
    public async Task The_drawing_shows_where_the_interval_stands_against_the_bound()
    {
        var story = await quickstart.ToldAsync();
        await chromium.VisitAsync(story.Address, async page =>
        {
            var (bound, from, to) = await ComparisonAsync(page, story["baseline"]);
            Assert.True(to < bound, $"the interval of a version that is worse ends before the bound: {from} to {to}, bound {bound}");

            (bound, from, to) = await ComparisonAsync(page, story["challenger"]);
            Assert.True(from < bound && bound < to, $"the interval of an undecided version straddles the bound: {from} to {to}, bound {bound}");
        });
    }

    [Fact]
    public async Task The_metric_by_day_is_drawn_and_stands_as_a_table_without_scripts()
    {
        var story = await quickstart.ToldAsync();
        var path = story["challenger"].Path;
        await chromium.VisitAsync(story.Address, async page =>
        {
            await page.GotoAsync(path);
            var chart = page.Locator("baton-chart[data-ready]").First;
            await Expect(chart.Locator("canvas")).ToBeVisibleAsync();
            var inked = await chart.Locator("canvas").EvaluateAsync<int>(
                "c => { const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let n = 0; for (let i = 3; i < d.length; i += 4) if (d[i] > 0) n++; return n; }");
            Assert.True(inked > 500, $"only {inked} points of the chart hold ink");
            await Expect(chart).ToContainTextAsync("production");
        });
        await chromium.VisitAsync(story.Address, async page =>
        {
            await page.GotoAsync(path);
            var table = page.Locator("baton-chart").First.GetByRole(AriaRole.Table);
            await Expect(table).ToBeVisibleAsync();
            await Expect(table.GetByRole(AriaRole.Columnheader)).ToHaveTextAsync(["date", "this version", "production"]);
            Assert.True(await table.GetByRole(AriaRole.Row).CountAsync() > 10);
        }, javaScript: false);
    }

    [Fact]
    public async Task A_promotion_that_the_gate_refuses_shows_the_reason_and_stands_in_the_ledger()
    {
        var story = await quickstart.ToldAsync();
        var baseline = story["baseline"];
        var broken = baseline.Clauses.First(c => c.Verdict == Verdict.Fail);
        await chromium.VisitAsync(story.Address, async page =>
        {
            await page.GotoAsync(baseline.Path);
            var gate = page.GetByRole(AriaRole.Region, new() { Name = "Production" });
            await Expect(gate).ToContainTextAsync("closed");
            await gate.GetByRole(AriaRole.Textbox).FillAsync("asked by hand");
            await gate.GetByRole(AriaRole.Button, new() { Name = "Promote to production" }).ClickAsync();

            await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The gate to production refused");
            await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync(broken.Reason);
            await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex(@"\?asked=production$"));

            await page.GotoAsync($"ledger?subject=models/{baseline.Model}/versions/{baseline.Version}");
            await Expect(page.GetByRole(AriaRole.Row).Nth(1)).ToContainTextAsync("refused by the gate to production");
            await Expect(page.GetByText("The chain of hashes is whole.")).ToBeVisibleAsync();
        }, javaScript: false);
    }

    private static async Task<(double Bound, double From, double To)> ComparisonAsync(IPage page, StoryVersion version)
    {
        await page.GotoAsync(version.Path);
        var drawing = page.GetByRole(AriaRole.Img, new() { NameRegex = new System.Text.RegularExpressions.Regex("^difference ") });
        Assert.Equal(290, (await drawing.BoundingBoxAsync())!.Width, tolerance: 1);
        var bar = (await drawing.Locator(".bar").BoundingBoxAsync())!;
        var bound = (await drawing.Locator(".bound").BoundingBoxAsync())!;
        return (bound.X + bound.Width / 2, bar.X, bar.X + bar.Width);
    }

    private static string Spoken(Verdict verdict) => verdict switch
    {
        Verdict.Pass => "pass",
        Verdict.Fail => "fail",
        Verdict.Inconclusive => "inconclusive",
        _ => "not run",
    };
}
