using Baton.Server.Handoff;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Ledger;
using Baton.Server.Registry;
using Baton.Server.Verification;

namespace Baton.Server.Ui;

/// <summary>A registered model with its versions, contracts and what was decided about it.</summary>
/// <param name="Model">The model.</param>
/// <param name="Versions">Newest first.</param>
/// <param name="Contracts">Newest first.</param>
/// <param name="Entries">The newest entries of the ledger about it, newest first.</param>
internal sealed record ModelStory(
    RegisteredModel Model, IReadOnlyList<VersionStanding> Versions, IReadOnlyList<ContractRecord> Contracts, IReadOnlyList<LedgerEntry> Entries)
{
    public VersionStanding? In(string stage) => Versions.FirstOrDefault(v => v.Version.Stage == stage);
}

/// <summary>Reads the story of a model.</summary>
internal sealed class ReadModelStory(ReadRegistry registry, ReadVerifications verifications, ReadContracts contracts, ReadLedger ledger)
{
    private const int EntriesRead = 60;

    public async Task<ModelStory> HandleAsync(Caller caller, string name, CancellationToken cancellation)
    {
        var model = await registry.ModelAsync(caller, ModelName.Parse(name), cancellation);
        return new ModelStory(
            model,
            await StandingsAsync(caller, model, cancellation),
            await contracts.ListAsync(caller, ModelName.Parse(name), cancellation),
            await ledger.LatestAsync(caller, ModelName.Parse(name).Subject, null, EntriesRead, cancellation));
    }

    /// <summary>Each version of a model with its newest verification.</summary>
    public async Task<IReadOnlyList<VersionStanding>> StandingsAsync(Caller caller, RegisteredModel model, CancellationToken cancellation)
    {
        var newest = (await verifications.ListAsync(caller, model.Name, null, null, cancellation))
            .GroupBy(v => v.Version).ToDictionary(g => g.Key, g => g.First());
        var standings = new List<VersionStanding>();
        foreach (var version in model.Versions)
        {
            var verification = newest.GetValueOrDefault(version.Version);
            var evidence = verification?.EvidenceDigest is null ? null : (await verifications.GetAsync(caller, verification.Id, cancellation)).Evidence;
            standings.Add(new VersionStanding(version, verification, evidence));
        }

        return standings;
    }
}
