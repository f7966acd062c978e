using Baton.Server.Artifacts;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Baton.Server.Platform.References;

namespace Baton.Server.Registry;

/// <summary>
/// Takes in a version of another registry, with its number, times, stage and aliases, and seals its files where Baton holds them. Where the number is
/// another version's, it gets the next one.
/// </summary>
internal sealed class AdoptVersion(RegistryStore store, ArtifactsStore artifacts, ArtifactPlaces places, SealArtifacts seal)
{
    private const int MaxSource = 2048;

    public async Task<Outcome> HandleAsync(Change change, Request request)
    {
        var given = request.Version;
        var name = ModelName.Parse(given.Name);
        if (given.Version < 1)
            throw Refusal.Invalid($"Parameter 'version' must be an integer, got '{given.Version}'.");
        if (given.Source.IsLongerThan(MaxSource))
            throw Refusal.Invalid($"'source' exceeds the maximum length of {MaxSource} characters");
        var stage = Stages.Parse(given.Stage);
        if (!await store.LockModelAsync(change, name.Value))
            throw RegistryErrors.NoModel(name.Value);
        var known = await StandingAsync(change, request);
        var number = known?.Version ?? (await store.IsNumberTakenAsync(change, name.Value, given.Version)
            ? (await store.NextVersionAsync(change, name.Value))!.Value
            : given.Version);
        var manifest = known?.ManifestDigest is null ? await SealAsync(change, request.Package) : null;
        var package = known?.ManifestDigest ?? manifest?.Digest;
        var version = given with
        {
            Version = number,
            Stage = request.KeepsStage ? stage : known?.Stage ?? Stages.None,
            StagedAt = request.KeepsStage && stage != Stages.None ? given.UpdatedAt : known?.StagedAt,
            ManifestDigest = package,
            CreatedBy = given.CreatedBy.Length > 0 ? given.CreatedBy : change.Caller.Actor.Name,
            StorageLocation = package is null ? given.StorageLocation ?? given.Source : null,
        };
        if (known is null)
        {
            await store.InsertVersionAsync(change, version with { Tags = new Dictionary<string, string>() });
            await change.RecordAsync(
                "version.registered",
                version.Subject,
                new { version.Source, run_id = version.RunId, package, imported_from = request.Origin });
        }

        if (manifest is not null)
            await change.HoldAsync(version.Subject, manifest);
        await store.AdoptVersionAsync(change, version);
        if (version.Stage != (known?.Stage ?? Stages.None))
            await change.RecordAsync(
                "promotion.done",
                version.Subject,
                new { stage = version.Stage.ToLowerInvariant(), from = (known?.Stage ?? Stages.None).ToLowerInvariant(), gate = "ungated", reason = $"imported from {request.Origin}" });
        var kept = await SetAliasesAsync(change, version, request);
        return new Outcome(number, version.ManifestDigest, request.KeepsStage || stage == Stages.None, kept);
    }

    /// <summary>The version that this one became before: the one on record, or one that says the same of itself.</summary>
    private async Task<ModelVersion?> StandingAsync(Change change, Request request)
    {
        var given = request.Version;
        var number = request.Became ?? given.Version;
        var standing = await store.FindVersionAsync(change.Sql, change.Project, given.Name, number);
        var isIt = request.Became is not null
            || (standing is not null && standing.Source == given.Source && standing.RunId == given.RunId && standing.CreatedAt == given.CreatedAt);
        return isIt ? standing : null;
    }

    private async Task<Contracts.Manifest?> SealAsync(Change change, string? package)
    {
        if (package is null || places.Proxied(package) is not { Value.Length: > 0 } folder)
            return null;
        var there = await artifacts.FindAsync(change.Sql, change.Project, folder) is not null
            || await artifacts.HasBelowAsync(change.Sql, change.Project, folder);
        return there ? await seal.HandleAsync(change, folder) : null;
    }

    /// <summary>Aliases that somebody set to another version here; they stay.</summary>
    private async Task<IReadOnlyList<string>> SetAliasesAsync(Change change, ModelVersion version, Request request)
    {
        var kept = new List<string>();
        foreach (var alias in request.Aliases)
        {
            var stands = await store.FindAliasAsync(change.Sql, change.Project, version.Name, alias);
            if (stands == version.Version)
                continue;
            if (stands is { } other && !request.OwnVersions.Contains(other))
            {
                kept.Add(alias);
                continue;
            }

            await store.SetAliasAsync(change, version.Name, alias, version.Version);
            await change.RecordAsync("alias.set", $"models/{version.Name}", new { alias, version = version.Version, previous = stands, imported_from = request.Origin });
        }

        return kept;
    }

    /// <param name="Version">The version as it was there.</param>
    /// <param name="Package">Artifact root of its files, where they are Baton's; null where they are not.</param>
    /// <param name="Aliases">Names that pointed to it there.</param>
    /// <param name="Became">The number it got when it was taken in before; null the first time.</param>
    /// <param name="OwnVersions">Numbers here of the same source's versions: their aliases may move on.</param>
    /// <param name="KeepsStage">Whether its stage may be taken over; not where a gate would have a say.</param>
    /// <param name="Origin">Where it comes from, for the ledger.</param>
    public sealed record Request(
        ModelVersion Version,
        string? Package,
        IReadOnlyList<string> Aliases,
        long? Became,
        IReadOnlySet<long> OwnVersions,
        bool KeepsStage,
        string Origin);

    /// <param name="Version">Its number here.</param>
    /// <param name="Package">Digest of its sealed package; null where there is none.</param>
    /// <param name="StageKept">Whether its stage is what it was there.</param>
    /// <param name="AliasesStanding">Aliases that point to another version here and stay.</param>
    public sealed record Outcome(long Version, string? Package, bool StageKept, IReadOnlyList<string> AliasesStanding);
}
