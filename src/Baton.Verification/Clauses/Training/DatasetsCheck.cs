using Baton.Contracts;
using Baton.Verification.Reference;

namespace Baton.Verification.Clauses.Training;

/// <summary><c>data.files</c>: every dataset that was handed over is the one that the claims name, whole, with as many rows, and no row of the test file has another's id.</summary>
internal static class DatasetsCheck
{
    private const string Demanded = "the datasets that the claims name, unchanged, and each row once";

    /// <summary>Compares the files with the claims.</summary>
    /// <param name="claims">What is said.</param>
    /// <param name="datasets">What was handed over.</param>
    /// <param name="rows">The reference rows; null where there are none.</param>
    /// <param name="rowsFault">Why they cannot be used: another digest, another number of rows, an id twice; null where they can, or there are none.</param>
    public static ClauseResult Judge(Claims claims, IReadOnlyList<HandedDataset> datasets, ReferenceRows? rows, string? rowsFault)
    {
        var faults = datasets.SelectMany(Differences).ToList();
        if (rowsFault is not null)
            faults.Insert(0, rowsFault);
        var seen = datasets.Count(d => d.File is not null) + (rows is null ? 0 : 1);
        return Found.Unmeasured(
            StandingChecks.Datasets, Demanded, seen > 0 ? EvidenceLevel.Replayed : EvidenceLevel.Declared, faults.Count == 0 ? Verdict.Pass : Verdict.Fail,
            faults.Count > 0 ? $"{string.Join(" ", faults)} Hand over the files that the claims were written of, or write the claims anew."
                : seen == 0 ? "No dataset was handed over, so there is none to compare with the claims."
                : $"{Phrases.Count(seen, "dataset")} handed over, with the digests and rows that the claims name.") with
        {
            Facts =
            [
                .. claims.ReferencePredictions is { } reference
                    ? new[] { new Fact($"{reference.Split} (reference predictions)", rows is null ? "not read" : $"{Phrases.Number(rows.Count)} rows, {reference.Sha256}") }
                    : [],
                .. datasets.Select(d => new Fact($"{d.Claim.Role} {d.Claim.Name}", Told(d))),
            ],
        };
    }

    private static IEnumerable<string> Differences(HandedDataset dataset)
    {
        if (dataset.File is null)
            yield break;
        if (!dataset.IsAsClaimed)
            yield return $"The {dataset.Claim.Role} data {dataset.Claim.Name} is not what the claims name: claimed {dataset.Claim.Sha256}, found {dataset.Sha256}.";
        if (dataset.Claim.Rows is { } claimed && dataset.Rows is { } found && claimed != found)
            yield return $"The {dataset.Claim.Role} data {dataset.Claim.Name} has {Phrases.Number(found)} rows; the claims say {Phrases.Number(claimed)}.";
    }

    private static string Told(HandedDataset dataset) => dataset.File is null
        ? $"not handed over; {(dataset.Claim.Sha256 is { } claimed ? $"claimed as {claimed}" : "claimed without a digest")}"
        : $"{(dataset.Rows is { } rows ? $"{Phrases.Number(rows)} rows, " : "")}{dataset.Sha256}{(dataset.Claim.Sha256 is null ? ", claimed without a digest" : "")}";
}
