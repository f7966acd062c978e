using System.Globalization;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Http;

namespace Baton.Server.Ui;

/// <summary>The request that a page answers: who asks, and addresses of other pages below the same prefix.</summary>
internal sealed class PageRequest(IHttpContextAccessor accessor)
{
    private readonly HttpContext _context = accessor.HttpContext ?? throw new InvalidOperationException("A page answers a request; there is none.");

    public Caller Caller => Caller.Of(_context);

    /// <summary>The project asked for; null where the request failed before it was known.</summary>
    public string? Project => (_context.Items[typeof(Caller)] as Caller)?.Project;

    /// <summary>Path of the page asked for, without the project's prefix.</summary>
    public string Path => _context.Request.Path.Value ?? "/";

    public CancellationToken Cancellation => _context.RequestAborted;

    /// <summary>Address of the project, as clients set it: scheme, host and prefix.</summary>
    public string Origin => $"{_context.Request.Scheme}://{_context.Request.Host}{_context.Request.PathBase}";

    /// <summary>A path below the project's prefix.</summary>
    public string To(string path) => _context.Request.PathBase + path;

    public string Home => To("/");

    public string Runs => To("/runs");

    public string Ledger => To("/ledger");

    public string Endpoints => To("/endpoints");

    public string Endpoint(string name) => $"{Endpoints}/{Uri.EscapeDataString(name)}";

    public string Prediction(string endpoint, string id) => $"{Endpoint(endpoint)}/predictions/{Uri.EscapeDataString(id)}";

    public string Model(string name) => To($"/models/{Uri.EscapeDataString(name)}");

    public string Version(string name, long version) => string.Create(CultureInfo.InvariantCulture, $"{Model(name)}/versions/{version}");

    public string LineageOf(string name, long version) =>
        To(string.Create(CultureInfo.InvariantCulture, $"/api/v1/lineage/models/{Uri.EscapeDataString(name)}/versions/{version}"));

    public string Run(string runId) => To($"/runs/{Uri.EscapeDataString(runId)}");

    public string LedgerOf(string subject) => $"{Ledger}?subject={Uri.EscapeDataString(subject)}";

    /// <summary>Where a file of the artifact root is downloaded.</summary>
    public string Download(string path) => To($"/api/2.0/mlflow-artifacts/artifacts/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}");

    public string Asset(string name) => To(UiAssets.PathOf(name));

    /// <summary>The page of what a ledger entry is about; null where it has none.</summary>
    public string? PageOf(LedgerEntry entry) => entry.Subject.Split('/') switch
    {
        ["models", var name, "versions", var version, ..] when long.TryParse(version, CultureInfo.InvariantCulture, out var number) => Version(name, number),
        ["models", var name, ..] => Model(name),
        ["runs", var run] => Run(run),
        ["endpoints", var endpoint] => Endpoint(endpoint),
        _ => null,
    };
}
