using Baton.EndToEndTests.Browser;
using Microsoft.Playwright;
using Xunit;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace Baton.EndToEndTests.Browser;

/// <summary>One Chromium for all tests; each visit has a profile of its own.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Flags =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private readonly Lazy<Task<IBrowser>> _browser;
    private IPlaywright? _playwright;

    public Chromium() => _browser = new Lazy<Task<IBrowser>>(LaunchAsync);

    /// <summary>Visits a site. What the browser complains of meanwhile fails the test; where the test fails, a picture of the page is kept.</summary>
    /// <param name="site">Address that paths are below.</param>
    /// <param name="visit">What the visitor does.</param>
    /// <param name="javaScript">Whether scripts run.</param>
    /// <param name="width">Width of the window.</param>
    /// <param name="expectedStatus">A status of an error that the visit provokes, which is no complaint.</param>
    public async Task VisitAsync(Uri site, Func<IPage, Task> visit, bool javaScript = true, int width = 1280, int? expectedStatus = null)
    {
        var browser = await _browser.Value;
        await using var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = site.AbsoluteUri,
            JavaScriptEnabled = javaScript,
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            Locale = "en-GB",
            TimezoneId = "UTC",
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(15_000);
        var page = await context.NewPageAsync();
        var complaints = new List<string>();
        page.PageError += (_, error) => complaints.Add($"uncaught: {error}");
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning" && !message.Text.Contains($"status of {expectedStatus}", StringComparison.Ordinal))
                complaints.Add($"console {message.Type}: {message.Text}");
        };
        page.Response += (_, response) =>
        {
            if (response.Status >= 400 && response.Status != expectedStatus)
                complaints.Add($"{response.Status} {response.Url}");
        };
        try
        {
            await visit(page);
        }
        catch
        {
            var picture = Path.Combine(AppContext.BaseDirectory, "TestResults", $"{TestContext.Current.TestMethod?.MethodName ?? "visit"}.png");
            Directory.CreateDirectory(Path.GetDirectoryName(picture)!);
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = picture, FullPage = true });
            TestContext.Current.TestOutputHelper?.WriteLine($"The page is pictured in {picture}");
            throw;
        }

        Assert.Empty(complaints);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser.IsValueCreated && _browser.Value.IsCompletedSuccessfully)
            await (await _browser.Value).DisposeAsync();
        _playwright?.Dispose();
    }

    private async Task<IBrowser> LaunchAsync()
    {
        var path = Environment.GetEnvironmentVariable("BATON_TEST_CHROMIUM") ?? "/usr/bin/chromium";
        if (!File.Exists(path))
            throw new InvalidOperationException($"There is no Chromium at {path}: install it with `sudo apt-get install -y chromium`, or name it in BATON_TEST_CHROMIUM.");
        _playwright = await Playwright.CreateAsync();
        return await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = path, Args = Flags });
    }
}
