using Baton.Contracts;
using Baton.Server.Handoff;
using Baton.Server.Lineage;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Comments;
using Baton.Server.Platform.Ledger;
using Baton.Server.Promotion;
using Baton.Server.Registry;
using Baton.Server.Runs;
using Baton.Server.Verification;

namespace Baton.Server.Ui;

/// <summary>One version's way round, leg by leg.</summary>
internal sealed record VersionLap
{
    public required VersionStanding Standing { get; init; }

    /// <summary>The run that made it, where it was tracked here.</summary>
    public Run? Run { get; init; }

    /// <summary>Its sealed files; null for an unsealed version.</summary>
    public Manifest? Package { get; init; }

    /// <summary>The contract it was verified under, else the one in force or proposed.</summary>
    public ContractRecord? Contract { get; init; }

    public Claims? Claims { get; init; }

    /// <summary>Newest first.</summary>
    public required IReadOnlyList<VerificationRecord> Verifications { get; init; }

    /// <summary>The handoff it came with, where it did.</summary>
    public HandoffRecord? Handoff { get; init; }

    /// <summary>What the gates to staging and production say, with what is there now.</summary>
    public required IReadOnlyList<(string Stage, GateAnswer Answer, ModelVersion? Current)> Gates { get; init; }

    /// <summary>What was decided about it, newest first: its own entries, and others' that took its stage.</summary>
    public required IReadOnlyList<LedgerEntry> Entries { get; init; }

    /// <summary>What made it and what came of it.</summary>
    public required LineageGraph Lineage { get; init; }

    /// <summary>Every version of the model with its newest evidence; none where there are too many to read for one page.</summary>
    public IReadOnlyList<VersionStanding> Others { get; init; } = [];

    /// <summary>How it compares with the version in production.</summary>
    public ProductionLikeness? Likeness => ProductionLikeness.Of(Standing, Others);

    /// <summary>What people say of it, the earliest first.</summary>
    public IReadOnlyList<Comment> Comments { get; init; } = [];

    public ModelVersion Version => Standing.Version;

    public Evidence? Evidence => Standing.Evidence;
}

/// <summary>Reads the lap of a version from every leg.</summary>
internal sealed class ReadVersionLap(
    ReadRegistry registry, ReadRuns runs, ReadContracts contracts, ReadClaims claims, SubmitHandoff handoffs, ReadVerifications verifications, ReadStages stages, ReadLedger ledger,
    ReadLineage lineage, ReadModelStory models, ReadComments comments)
{
    private const int MostVersionsRead = 50;
    private const int EntriesRead = 500;
    private const int LineageDepth = 4;

    public async Task<VersionLap> HandleAsync(Caller caller, string model, long number, CancellationToken cancellation)
    {
        var name = ModelName.Parse(model);
        var version = await registry.VersionAsync(caller, name, number, cancellation);
        var all = await verifications.ListAsync(caller, model, number, null, cancellation);
        var newest = all.Count > 0 ? all[0] : null;
        var evidence = newest?.EvidenceDigest is null ? null : (await verifications.GetAsync(caller, newest.Id, cancellation)).Evidence;
        var submitted = await claims.FindAsync(caller, name, number, cancellation);
        var current = await stages.CurrentAsync(caller, name, cancellation);
        var gates = new List<(string, GateAnswer, ModelVersion?)>();
        foreach (var stage in (string[])[Stages.Staging, Stages.Production])
            gates.Add((stage, await stages.GateAsync(caller, name, number, stage, cancellation), current.FirstOrDefault(v => v.Stage == stage)));
        return new VersionLap
        {
            Standing = new VersionStanding(version, newest, evidence),
            Run = version.RunId.Length == 0 ? null : await runs.FindAsync(caller, version.RunId, cancellation),
            Package = await registry.PackageAsync(caller, version, cancellation),
            Contract = await contracts.FindAsync(caller, name, newest?.ContractDigest, cancellation),
            Claims = submitted is null ? null : Documents.Read<Claims>(submitted.Document),
            Verifications = all,
            Handoff = newest?.HandoffId is { } handoff ? (await handoffs.ListAsync(caller, handoff, null, cancellation)).FirstOrDefault() : null,
            Gates = gates,
            Others = await OthersAsync(caller, name, cancellation),
            Comments = await comments.ListAsync(caller, version.Subject, cancellation),
            Lineage = await lineage.OfVersionAsync(caller, name, number, ReadLineage.Both, LineageDepth, cancellation),
            Entries = [.. (await ledger.LatestAsync(caller, name.Subject, null, EntriesRead, cancellation)).Where(e => Concerns(e, version))],
        };
    }

    private async Task<IReadOnlyList<VersionStanding>> OthersAsync(Caller caller, ModelName name, CancellationToken cancellation)
    {
        var model = await registry.ModelAsync(caller, name, cancellation);
        // The newest, and those in a stage.
        return await models.StandingsAsync(
            caller, model with { Versions = [.. model.Versions.Take(MostVersionsRead).Union(model.Versions.Where(v => v.Stage is Stages.Staging or Stages.Production))] }, cancellation);
    }

    private static bool Concerns(LedgerEntry entry, ModelVersion version) =>
        entry.Subject == version.Subject
        || (entry.Action == "promotion.done" && Previous(entry) == version.Version.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private static string? Previous(LedgerEntry entry) =>
        System.Text.Json.JsonDocument.Parse(entry.Detail).RootElement.TryGetProperty("previous", out var previous) ? previous.GetString() : null;
}
