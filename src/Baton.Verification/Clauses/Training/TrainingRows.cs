using Baton.Contracts;
using Baton.Storage.Tables;
using Baton.Verification.Drafting;

namespace Baton.Verification.Clauses.Training;

/// <summary>A dataset that the claims name, as far as it was handed over.</summary>
/// <param name="Claim">What is said of it.</param>
/// <param name="File">Its file; null where it was not handed over.</param>
/// <param name="Sha256">Digest of the whole file as it lies there.</param>
/// <param name="Rows">Rows that it has; null where it is no table that Baton reads.</param>
internal sealed record HandedDataset(DatasetClaim Claim, string? File, string? Sha256, long? Rows)
{
    /// <summary>Whether the file is there and has the digest that the claims say, if they say one.</summary>
    public bool IsAsClaimed => File is not null && (Claim.Sha256 is null || Digests.Hex(Claim.Sha256) == Digests.Hex(Sha256!));

    /// <summary>Reads what the claims name: each file through to its end, since a digest of a part would not see the rest.</summary>
    /// <param name="input">The verification.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public static async Task<IReadOnlyList<HandedDataset>> ReadAllAsync(VerificationInput input, CancellationToken cancellation)
    {
        var found = new List<HandedDataset>();
        foreach (var claim in input.Claims.Data)
        {
            if (Inside(input, claim.Path) is not { } file)
            {
                found.Add(new HandedDataset(claim, null, null, null));
                continue;
            }

            var (digest, _) = await FileDigest.OfAsync(file, cancellation);
            found.Add(new HandedDataset(claim, file, digest, await RowsOfAsync(file, cancellation)));
        }

        return found;
    }

    // Claims are a stranger's: a path of theirs leads nowhere but into the folder that was handed over.
    private static string? Inside(VerificationInput input, string? path)
    {
        var folder = input.DataDirectory ?? Path.GetDirectoryName(input.ReferenceFile);
        if (string.IsNullOrEmpty(path) || string.IsNullOrEmpty(folder))
            return null;
        var root = Path.GetFullPath(folder);
        var file = Path.GetFullPath(Path.Combine(root, path));
        return file.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal) && new FileInfo(file) is { Exists: true, LinkTarget: null } ? file : null;
    }

    private static async Task<long?> RowsOfAsync(string file, CancellationToken cancellation)
    {
        try
        {
            return (await ParquetFile.HeadAsync(file, cancellation)).Rows;
        }
        catch (InvalidTableException)
        {
            return null;
        }
    }
}

/// <summary>The rows that the model was trained on, or why they are not there.</summary>
/// <param name="Table">The rows; null where they are not there.</param>
/// <param name="Missing">What to hand over, as a sentence; null where they are there.</param>
internal sealed record TrainingRows(Table? Table, string? Missing)
{
    /// <summary>Finds the training data among what was handed over.</summary>
    public static async Task<TrainingRows> ReadAsync(IReadOnlyList<HandedDataset> datasets, CancellationToken cancellation)
    {
        if (datasets.FirstOrDefault(d => d.Claim.Role == "training") is not { } training)
            return new TrainingRows(null, "The claims name no training data. Name it (data: role training, with its path and SHA-256) and hand it over as Parquet.");
        var name = $"the training data {training.Claim.Name}";
        if (training.File is not { } file)
            return new TrainingRows(null, $"The claims name {name}, and it was not handed over. Hand it over as Parquet{(training.Claim.Path is { } path ? $" at {path}" : " and say its path in the claims")}.");
        if (!training.IsAsClaimed)
            return new TrainingRows(null, $"What lies at {training.Claim.Path} is not {name} that the claims name (clause {StandingChecks.Datasets}).");
        try
        {
            return new TrainingRows(await ParquetFile.ReadAsync(file, columns: null, cancellation), null);
        }
        catch (InvalidTableException e)
        {
            return new TrainingRows(null, $"Of {name} nothing can be read: {e.Message.TrimEnd('.')}. Hand it over as Parquet.");
        }
    }
}
