using Baton.Contracts;

namespace Baton.Verification.Clauses;

/// <summary><c>files</c>: the package on disk has the files that the claims name, with the same content, and no others.</summary>
internal static class FilesCheck
{
    private const int Named = 20;

    /// <summary>Compares the files.</summary>
    /// <param name="claimed">What the claims say.</param>
    /// <param name="found">What is there.</param>
    public static ClauseResult Judge(Manifest claimed, Manifest found)
    {
        var byPath = found.Files.ToDictionary(f => f.Path, StringComparer.Ordinal);
        var differences = new List<Fact>();
        foreach (var file in claimed.Files)
        {
            if (!byPath.Remove(file.Path, out var there))
                differences.Add(new Fact(file.Path, $"missing; claimed as {file.Sha256}"));
            else if (Digests.Hex(there.Sha256) != Digests.Hex(file.Sha256))
                differences.Add(new Fact(file.Path, $"changed: claimed {file.Sha256}, found {there.Sha256}"));
            else if (there.Size != file.Size)
                differences.Add(new Fact(file.Path, $"claimed with {file.Size} bytes, found with {there.Size}"));
        }

        differences.AddRange(byPath.Values.OrderBy(f => f.Path, StringComparer.Ordinal).Select(f => new Fact(f.Path, $"not named by the claims; found {f.Sha256}")));
        return new ClauseResult
        {
            Name = "files",
            Verdict = differences.Count == 0 ? Verdict.Pass : Verdict.Fail,
            Evidence = EvidenceLevel.Extracted,
            Demanded = "the files that the claims name, unchanged",
            Claimed = claimed.Digest,
            Measured = found.Digest,
            Reason = differences switch
            {
                [] => $"{Phrases.Count(found.Files.Count, "file")} with the digests that the claims name.",
                [var only] => $"{only.Label}: {only.Text}. Hand over the package that the claims were written of, or write the claims anew.",
                _ => $"{differences.Count} files differ from the claims: {string.Join("; ", differences.Take(3).Select(d => $"{d.Label} {d.Text}"))}"
                    + (differences.Count > 3 ? "; …" : "") + ". Hand over the package that the claims were written of, or write the claims anew.",
            },
            Facts = [.. differences.Take(Named), .. differences.Count > Named ? [new Fact("further files", $"{differences.Count - Named} more differ")] : Array.Empty<Fact>()],
        };
    }
}
