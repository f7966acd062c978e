using Baton.Client;

namespace Baton.Quickstart;

/// <summary>Addresses of the product's pages.</summary>
internal sealed class Pages(Uri server)
{
    public Uri Run(RunInfo run) => new(server, $"runs/{run.RunId}");

    public Uri Version(string model, string version) => new(server, $"models/{Uri.EscapeDataString(model)}/versions/{version}");

    public Uri Ledger { get; } = new(server, "ledger");
}
