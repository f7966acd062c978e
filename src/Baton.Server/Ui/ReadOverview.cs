using Baton.Server.Handoff;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Ledger;
using Baton.Server.Registry;
using Baton.Server.Runs;

namespace Baton.Server.Ui;

/// <summary>What is where and what waits, over all models of a project.</summary>
/// <param name="Models">Each model with its versions.</param>
/// <param name="Runs">The newest.</param>
/// <param name="Entries">The newest of the ledger.</param>
internal sealed record Overview(IReadOnlyList<ModelStanding> Models, IReadOnlyList<Run> Runs, IReadOnlyList<LedgerEntry> Entries)
{
    /// <summary>Candidates that somebody must do something about: they are in no stage yet and were not put aside.</summary>
    public IEnumerable<VersionStanding> Waiting => Models.SelectMany(m => m.Versions)
        .Where(v => v.Version.Stage == Stages.None && v.Verification is not null)
        .OrderByDescending(v => v.Verification!.QueuedAt).ThenByDescending(v => v.Version.Version);
}

/// <summary>A model with its versions and the contract that matters now.</summary>
internal sealed record ModelStanding(RegisteredModel Model, IReadOnlyList<VersionStanding> Versions, ContractRecord? Contract)
{
    public VersionStanding? In(string stage) => Versions.FirstOrDefault(v => v.Version.Stage == stage);
}

/// <summary>Reads the overview.</summary>
internal sealed class ReadOverview(ReadRegistry registry, ReadModelStory stories, ReadContracts contracts, ReadRuns runs, ReadLedger ledger)
{
    private const int RunsShown = 6;
    private const int EntriesRead = 80;

    public async Task<Overview> HandleAsync(Caller caller, CancellationToken cancellation)
    {
        var models = new List<ModelStanding>();
        foreach (var model in await registry.ListAsync(caller, cancellation))
        {
            var versions = await stories.StandingsAsync(caller, model, cancellation);
            models.Add(new ModelStanding(model, versions, await contracts.FindAsync(caller, ModelName.Parse(model.Name), null, cancellation)));
        }

        return new Overview(
            models,
            await runs.ListAsync(caller, null, RunsShown, cancellation),
            await ledger.LatestAsync(caller, null, null, EntriesRead, cancellation));
    }
}
