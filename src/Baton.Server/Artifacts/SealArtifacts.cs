using Baton.Contracts;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Ledger;
using Baton.Storage;

namespace Baton.Server.Artifacts;

/// <summary>Seals a folder of the mutable map into an immutable manifest: what happens to the run's files afterwards changes nothing of it.</summary>
internal sealed class SealArtifacts(ArtifactsStore store, BlobStore blobs)
{
    /// <summary>The manifest of the files below a folder, or of the one file there, written as part of a change.</summary>
    public async Task<Manifest> HandleAsync(Change change, ArtifactPath source)
    {
        if (SealedPath.Of(source) is { } known)
            return await store.FindManifestAsync(change.Sql, change.Project, known.ManifestDigest)
                ?? throw Refusal.NotFound($"There is no sealed package '{source.Value}'.");
        if (source.Value.Length == 0)
            throw Refusal.Invalid("The source names the whole artifact store, not a model's folder: give runs:/RUN_ID/PATH.");
        var files = await store.ForSealingAsync(change, source);
        if (files.Count == 0)
            throw Refusal.NotFound($"There are no artifacts at '{source.Value}': upload the model's files first, then register it.");
        if (files.Count > 1 && files.Any(f => f.Path == source.Value))
            throw Refusal.Invalid($"'{source.Value}' is both a file and a folder: delete one of them, then register it.");
        var manifest = Manifest.Of(files.Select(f => new ManifestFile(f.Path == source.Value ? source.FileName : f.Path[(source.Value.Length + 1)..], f.Digest, f.Size)));
        await KeepAsync(change, manifest);
        return manifest;
    }

    /// <summary>Writes a manifest as part of a change, if all its blobs are there.</summary>
    public async Task KeepAsync(Change change, Manifest manifest)
    {
        if (manifest.Files.FirstOrDefault(f => !blobs.Contains(Digest.Parse(f.Sha256))) is { } lost)
            throw new Refusal(ProblemCode.BlobCorrupt, $"The stored file {lost.Sha256} ('{lost.Path}') is missing; upload it again.");
        await store.InsertManifestAsync(change, manifest);
    }
}
