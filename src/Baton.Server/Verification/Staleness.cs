using Baton.Contracts;
using Baton.Database;
using Baton.Server.Handoff;
using Baton.Server.Registry;

namespace Baton.Server.Verification;

/// <summary>Whether evidence is of what is there now: the contract in force, the present claims, the sealed package, and the version in production.</summary>
internal sealed class Staleness(HandoffStore handoffs, RegistryStore registry)
{
    /// <summary>The same verifications, each finished one with what has changed since.</summary>
    public async Task<IReadOnlyList<VerificationRecord>> OfAsync(Session sql, string project, IReadOnlyList<VerificationRecord> verifications)
    {
        var models = new Dictionary<string, (ContractRecord? Contract, bool Compares, ModelVersion? Production)>();
        var versions = new Dictionary<(string, long), (string? Claims, string? Package)>();
        var told = new List<VerificationRecord>();
        foreach (var v in verifications)
        {
            if (v.State != "finished")
            {
                told.Add(v);
                continue;
            }

            if (!models.TryGetValue(v.Model, out var model))
                models[v.Model] = model = await ModelAsync(sql, project, v.Model);
            if (!versions.TryGetValue((v.Model, v.Version), out var version))
                versions[(v.Model, v.Version)] = version = await VersionAsync(sql, project, v.Model, v.Version);
            string?[] changed =
            [
                model.Contract?.Digest == v.ContractDigest ? null : "contract",
                version.Claims == v.ClaimsDigest ? null : "claims",
                version.Package == v.PackageDigest ? null : "package",
                model.Compares && model.Production is { } now && now.Version != v.Version && now.Version != v.ProductionVersion ? "production" : null,
            ];
            told.Add(v with { Stale = [.. changed.OfType<string>()] });
        }

        return told;
    }

    /// <summary>The version now in production that evidence was not compared with, where the contract compares; null where the comparison stands.</summary>
    public async Task<ModelVersion?> OtherProductionAsync(Session sql, string project, ContractRecord contract, VerificationRecord finished)
    {
        if (!Compares(contract))
            return null;
        var current = await registry.FindInStageAsync(sql, project, finished.Model, Stages.Production);
        return current is null || current.Version == finished.Version || current.Version == finished.ProductionVersion ? null : current;
    }

    private async Task<(ContractRecord?, bool, ModelVersion?)> ModelAsync(Session sql, string project, string model)
    {
        var contract = await handoffs.FindInForceAsync(sql, project, model);
        return (contract, contract is not null && Compares(contract), await registry.FindInStageAsync(sql, project, model, Stages.Production));
    }

    private async Task<(string?, string?)> VersionAsync(Session sql, string project, string model, long number) => (
        (await handoffs.FindClaimsAsync(sql, project, model, number))?.Digest,
        (await registry.FindVersionAsync(sql, project, model, number))?.ManifestDigest);

    private static bool Compares(ContractRecord contract) => ContractParser.ParseOrThrow(contract.Document).Metrics.Any(m => m.AgainstProduction is not null);
}
