using Baton.Contracts;
using Baton.Server.Platform.Errors;
using Baton.Storage;

namespace Baton.Server.Artifacts;

/// <summary>
/// Copies a folder that clients write into blobs, so that it can be sealed. It takes as long as the disk does, so it is done before a change begins; what is
/// copied in vain is collected as unused.
/// </summary>
internal sealed class CopyOuterFiles(ArtifactPlaces places, BlobStore blobs)
{
    /// <summary>The most files that are copied for one package.</summary>
    public const int MaxFiles = 10_000;

    private OuterFolder Outer => places.Outer ?? throw new InvalidOperationException("There is no folder that clients write.");

    /// <summary>Whether there is a file at a path, or below it.</summary>
    public bool Finds(ArtifactPath source) => Outer.Find(source.Value) is not null || Outer.List(source.Value, 1).Count > 0;

    /// <summary>Copies the files below a folder, or the one file there.</summary>
    public async Task<CopiedFiles> HandleAsync(ArtifactPath source, CancellationToken cancellation)
    {
        if (source.Value.Length == 0)
            throw Refusal.Invalid("The source names the whole artifact root, not a model's folder: give runs:/RUN_ID/PATH.");
        var found = Look(source);
        if (found.Count == 0)
            throw Refusal.NotFound($"There are no artifacts at '{source.Value}' below --default-artifact-root: write the model's files first, then register it.");
        if (found.Count > MaxFiles)
            throw Refusal.Invalid($"There are more than {MaxFiles} files at '{source.Value}', the most that a version may have: name the model's own folder.");
        var sealedFiles = new List<ManifestFile>(found.Count);
        foreach (var file in found)
        {
            var blob = await CopyAsync(file, cancellation);
            sealedFiles.Add(new ManifestFile(file.Path == source.Value ? source.FileName : file.Path[(source.Value.Length + 1)..], blob.Digest.ToString(), blob.Size));
        }

        // Sizes and times are compared after the last byte was read, so that the package is of one moment.
        var now = Look(source);
        if (!now.SequenceEqual(found))
            throw Changed(now.Concat(found).Except(now.Intersect(found)).First().Path);
        return new CopiedFiles(source, Manifest.Of(sealedFiles));
    }

    private IReadOnlyList<OuterFile> Look(ArtifactPath source)
    {
        try
        {
            return Outer.Find(source.Value) is { } file ? [file] : Outer.List(source.Value, MaxFiles + 1, whole: true);
        }
        catch (UnauthorizedAccessException)
        {
            throw Unreadable(source.Value);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Changed(source.Value);
        }
    }

    private async Task<Blob> CopyAsync(OuterFile file, CancellationToken cancellation)
    {
        try
        {
            await using var content = Outer.Open(file.Path) ?? throw Changed(file.Path);
            return await blobs.PutAsync(content, new BlobLimits { MaxBytes = PutArtifact.MaxBytes, ExpectedLength = file.Size }, cancellation);
        }
        catch (Exception gone) when (gone is BlobLengthMismatchException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw Changed(file.Path);
        }
        catch (UnauthorizedAccessException)
        {
            throw Unreadable(file.Path);
        }
        catch (BlobTooLargeException)
        {
            throw PutArtifact.TooLarge();
        }
    }

    private static Refusal Unreadable(string path) =>
        Refusal.Invalid($"Baton may not read all of '{path}' below --default-artifact-root: let the account that it runs under read it.");

    private static Refusal Changed(string path) => new(
        ProblemCode.Conflict, $"'{path}' changed while it was copied, so nothing was registered: wait until all files are written, then register it again.");
}

/// <summary>Files that clients wrote, copied into blobs.</summary>
/// <param name="Source">Their folder, or the one file.</param>
/// <param name="Manifest">What they were when they were copied; not yet kept.</param>
internal sealed record CopiedFiles(ArtifactPath Source, Manifest Manifest);
