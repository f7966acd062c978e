namespace Baton.Server.Deployments;

/// <summary>What the ledger says of a deployment, and subscribers of its event read.</summary>
internal sealed record DecisionDetail(string Deployment, string Model, long Version, string Package, bool Verified, long? Previous, string? Reason)
{
    public static DecisionDetail Of(Deployment d) => new(d.Id, d.Model, d.Version, d.PackageDigest, d.Verified, d.Previous, d.Reason);
}
