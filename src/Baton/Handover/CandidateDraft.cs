using System.Text.Json;
using Baton.Client;
using Baton.Contracts;
using Baton.Verbs;
using Baton.Verification.Drafting;

namespace Baton.Handover;

/// <summary>Writes the claims of a registered version from what the server has of it: its files as they come back, its run, its datasets.</summary>
internal sealed class CandidateDraft(BatonClient client)
{
    /// <summary>Where notebooks put the test predictions, by our convention.</summary>
    public const string UsualPredictions = "evaluation/test-predictions.parquet";

    /// <summary>Drafts the claims of a version.</summary>
    /// <param name="version">The version.</param>
    /// <param name="predictions">Path of the reference predictions in the artifacts of its run.</param>
    /// <param name="cancel">Stops the transfers.</param>
    /// <exception cref="DraftException">Its files are not fit to be claimed.</exception>
    public async Task<Claims> WriteAsync(VersionName version, string predictions, CancellationToken cancel)
    {
        var registered = await client.GetModelVersionAsync(version.Model, version.Version, cancel);
        if (registered.RunId is not { Length: > 0 } runId)
        {
            throw new UsageException(
                $"{version} names no run, and so no metrics, data or predictions to claim; "
                + "write its claims by `baton contract init` and give them with --claims FILE.");
        }


        var run = await client.GetRunAsync(runId, cancel);

        var folder = Directory.CreateTempSubdirectory("baton-draft-");
        try
        {
            var package = folder.CreateSubdirectory("package").FullName;
            await DownloadPackageAsync(version, package, cancel);
            var reference = Path.Combine(folder.FullName, Path.GetFileName(predictions));
            await DownloadPredictionsAsync(run, predictions, reference, cancel);
            return await ClaimsDraft.WriteAsync(
                new DraftSource
                {
                    Model = version.Model,
                    Version = version.Version,
                    RunId = runId,
                    PackageDirectory = package,
                    ReferencePredictionsFile = reference,
                    ReferencePath = predictions,
                    Metrics = Metrics(run),
                    Code = Code(run),
                    Datasets = [.. (run.Inputs?.DatasetInputs ?? []).Select(Dataset).OfType<DatasetClaim>()],
                },
                cancel);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task DownloadPackageAsync(VersionName version, string folder, CancellationToken cancel)
    {
        var root = await client.ResolveArtifactRootAsync(await client.GetDownloadUriAsync(version.Model, version.Version, cancel), cancel);
        foreach (var path in await client.ListAllArtifactsAsync(root, cancel: cancel))
        {
            var file = Path.GetFullPath(Path.Combine(folder, path));
            if (!file.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                throw new UsageException($"{version} has a file with the path '{path}', which leads out of its package.");
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await client.DownloadArtifactAsync(root, path, file, cancel: cancel);
        }
    }

    private async Task DownloadPredictionsAsync(Run run, string predictions, string file, CancellationToken cancel)
    {
        try
        {
            await client.DownloadArtifactAsync(run.Info.ArtifactUri, predictions, file, cancel: cancel);
        }
        catch (BatonApiException e) when (e.Status == System.Net.HttpStatusCode.NotFound)
        {
            throw new UsageException(
                $"the run {run.Info.RunName} ({run.Info.RunId}) has no artifact {predictions}; "
                + "log the test set with the model's scores and the truth there as Parquet, or name another path with --predictions.",
                e);
        }
    }

    /// <summary>The run's metrics that a contract can speak of; others (losses by epoch) are the notebook's own business.</summary>
    private static Dictionary<string, double> Metrics(Run run) =>
        (run.Data?.Metrics ?? []).Where(m => MetricNames.Find(m.Key) is not null && double.IsFinite(m.Value)).ToDictionary(m => m.Key, m => m.Value);

    private static CodeClaim? Code(Run run)
    {
        var tags = (run.Data?.Tags ?? []).ToDictionary(t => t.Key, t => t.Value);
        return tags.GetValueOrDefault(RunTags.Commit) is { Length: > 0 } commit
            ? new CodeClaim
            {
                Commit = commit,
                Repository = tags.GetValueOrDefault(RunTags.Repository),
                Dirty = bool.TryParse(tags.GetValueOrDefault(RunTags.Dirty), out var dirty) ? dirty : null,
                Diff = tags.GetValueOrDefault(RunTags.Diff),
                Source = tags.GetValueOrDefault(RunTags.Source),
            }
            : null;
    }

    private static DatasetClaim? Dataset(DatasetInput input)
    {
        var role = input.Tags.FirstOrDefault(t => t.Key == RunTags.Context)?.Value.ToLowerInvariant() switch
        {
            "train" or "training" => "training",
            "validation" or "eval" or "evaluation" => "validation",
            "test" or "testing" => "test",
            _ => null,
        };
        return role is null ? null : new DatasetClaim
        {
            Role = role,
            Name = input.Dataset.Name,
            Sha256 = input.Tags.FirstOrDefault(t => t.Key == RunTags.Sha256)?.Value is { } digest && Digests.IsDigest(digest) ? digest : null,
            Rows = Rows(input.Dataset.Profile),
        };
    }

    /// <summary>MLflow's profile of a dataset: <c>{"num_rows": 12000, …}</c>, or whatever somebody put there.</summary>
    private static long? Rows(string? profile)
    {
        try
        {
            return profile is not null && JsonDocument.Parse(profile).RootElement is { ValueKind: JsonValueKind.Object } json
                && json.TryGetProperty("num_rows", out var rows) && rows.TryGetInt64(out var count) ? count : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
