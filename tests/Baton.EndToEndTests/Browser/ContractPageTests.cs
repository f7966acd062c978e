using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Baton.EndToEndTests.Browser;

/// <summary>The page where both sides walk through a contract, with JavaScript and without.</summary>
public sealed class ContractPageTests(QuickstartStory quickstart, Chromium chromium)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_counter_offer_is_made_and_withdrawn_and_a_comment_resolved(bool javaScript)
    {
        var story = await quickstart.ToldAsync();
        var said = $"who waits for it, {(javaScript ? "with" : "without")} script?";
        await chromium.VisitAsync(story.Address, async page =>
        {
            await page.GotoAsync("models/flight-delay");
            await page.GetByRole(AriaRole.Link, new() { Name = "Clause by clause" }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Contract 1.0.0");

            var latency = page.Locator("[id='talk-latency']");
            await Expect(latency.GetByRole(AriaRole.Img).First).ToBeVisibleAsync();
            await latency.GetByText("Offer another text").ClickAsync();
            await latency.GetByRole(AriaRole.Textbox, new() { Name = "latency:" }).FillAsync("p95: {max: 40 ms}");
            await latency.GetByRole(AriaRole.Textbox, new() { Name = "Why", Exact = true }).FillAsync(said);
            await latency.GetByRole(AriaRole.Button, new() { Name = "Offer" }).ClickAsync();

            var offer = latency.Locator("article.offer.open", new() { HasText = said });
            await Expect(offer).ToContainTextAsync("under the offer");
            await Expect(latency.GetByRole(AriaRole.Navigation, new() { Name = "Open clauses" })).ToBeVisibleAsync();
            await offer.GetByRole(AriaRole.Button, new() { Name = "Withdraw" }).ClickAsync();
            await Expect(latency.Locator("article.offer.withdrawn", new() { HasText = said })).ToBeVisibleAsync();

            await latency.GetByRole(AriaRole.Textbox, new() { Name = "Comment" }).FillAsync(said);
            await latency.GetByRole(AriaRole.Button, new() { Name = "Comment" }).ClickAsync();
            var comment = latency.Locator(".comments li", new() { HasText = said });
            await comment.GetByRole(AriaRole.Button, new() { Name = "Resolve" }).ClickAsync();
            await Expect(comment).ToContainTextAsync("resolved by");
        }, javaScript);
    }
}
