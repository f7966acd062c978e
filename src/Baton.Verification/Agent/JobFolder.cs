using System.Text.Json;
using Baton.Client;
using Baton.Contracts;

namespace Baton.Verification.Agent;

/// <summary>Lays out the folder of a job, as <see cref="VerificationJob"/> expects it. Removed when disposed.</summary>
internal sealed class JobFolder : IDisposable
{
    private JobFolder(string path) => Path = path;

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Makes an empty folder; what an earlier life of the agent left there is removed.</summary>
    public static JobFolder Create(string path)
    {
        Remove(path);
        Directory.CreateDirectory(path);
        return new JobFolder(path);
    }

    /// <summary>Brings the files of a request into the folder.</summary>
    /// <returns>The candidate's first file that the server no longer has as it was sealed; null where all are well.</returns>
    public async Task<CorruptFile?> FillAsync(VerificationRequest request, BlobCache blobs, CancellationToken cancellation)
    {
        await File.WriteAllBytesAsync(In(VerificationJob.RequestFile), JsonSerializer.SerializeToUtf8Bytes(request, Documents.Compact), cancellation);
        if (await CopyAsync("", request.Package, request.Claims, blobs, cancellation) is { } corrupt)
            return corrupt;
        if (await CopyDataAsync(request, blobs, cancellation) is { } corruptData)
            return corruptData;
        // What is corrupt of the version in production is left out: the comparison then says what is missing.
        if (request.Production is { } production)
            await CopyAsync(VerificationJob.ProductionFolder, production.Package, production.Claims, blobs, cancellation);
        return null;
    }

    /// <summary>Brings the files of a package into the folder.</summary>
    /// <returns>The first file that the server no longer has as it was sealed; null where all are well.</returns>
    public Task<CorruptFile?> FillAsync(Manifest package, BlobCache blobs, CancellationToken cancellation) => CopyAsync("", package, null, blobs, cancellation);

    /// <inheritdoc />
    public void Dispose() => Remove(Path);

    private static void Remove(string path)
    {
        try
        {
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Tried again when the agent starts.
        }
    }

    private async Task<CorruptFile?> CopyAsync(string side, Manifest package, Claims? claims, BlobCache blobs, CancellationToken cancellation)
    {
        var folder = In(side, VerificationJob.PackageFolder);
        Directory.CreateDirectory(folder);
        var wanted = package.Files.Select(f => (f.Path, Digest: f.Sha256, To: Inside(folder, f.Path))).ToList();
        if (claims?.ReferencePredictions is { } reference)
            wanted.Add((reference.Path, reference.Sha256, In(side, VerificationJob.ReferenceFile)));
        return await CopyAsync(wanted, blobs, cancellation);
    }

    /// <summary>Brings the datasets that the claims name, and the holdout.</summary>
    private async Task<CorruptFile?> CopyDataAsync(VerificationRequest request, BlobCache blobs, CancellationToken cancellation)
    {
        var folder = In(VerificationJob.DataFolder);
        var wanted = request.Claims.Data
            .Where(d => d.Path is not null && d.Sha256 is not null)
            .Select(d => (Path: d.Path!, Digest: d.Sha256!, To: Inside(folder, d.Path!)))
            .DistinctBy(d => d.To).ToList();
        if (await CopyAsync(wanted, blobs, cancellation) is { } corrupt)
            return corrupt;
        // A corrupt holdout is no fault of the candidate's: it is left out, and its clause says that it is missing.
        if (request.Holdout is { } holdout)
            await CopyAsync([(holdout.Name, holdout.Sha256, In(VerificationJob.HoldoutFile))], blobs, cancellation);
        return null;
    }

    private static async Task<CorruptFile?> CopyAsync(IEnumerable<(string Path, string Digest, string To)> wanted, BlobCache blobs, CancellationToken cancellation)
    {
        foreach (var (path, digest, to) in wanted)
        {
            try
            {
                await blobs.CopyAsync(digest, to, cancellation);
            }
            catch (Exception e) when (e is DigestMismatchException or BatonApiException { Code: "blob_corrupt" })
            {
                return new CorruptFile(path, digest, e.Message);
            }
        }

        return null;
    }

    private static string Inside(string folder, string path)
    {
        var full = System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, path));
        return full.StartsWith(folder + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? full
            : throw new InvalidDataException($"'{path}' leads out of the package.");
    }

    private string In(params ReadOnlySpan<string> parts) => System.IO.Path.GetFullPath(System.IO.Path.Combine([Path, .. parts]));
}

/// <summary>A file that is no longer what was sealed.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Digest">What was sealed.</param>
/// <param name="Reason">What was found.</param>
internal sealed record CorruptFile(string Path, string Digest, string Reason);
