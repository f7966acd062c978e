using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Baton.Client;
using Baton.Contracts;
using Baton.Handover;

namespace Baton.Quickstart;

/// <summary>Stands for the notebook: logs a model's run through MLflow's interface, as any MLflow client would.</summary>
internal sealed class TrainingCode(BatonClient client, FlightsSample sample, GitCheckout? git, TimeProvider time)
{
    /// <summary>Logs params, metrics, tags, datasets and files of one run, and ends it.</summary>
    public async Task<Run> LogAsync(string experiment, SampleModel model, CancellationToken cancel)
    {
        var run = await client.CreateRunAsync(experiment, model.Name, [.. Tags(model)], cancel);
        var id = run.Info.RunId;
        var claims = sample.AuthorsClaims(model);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        await client.LogBatchAsync(
            id,
            [
                .. claims.Metrics.Select(m => new Metric(m.Key, m.Value, now)),
                .. sample.RocAucByDay(model).Select(d => new Metric("roc_auc_by_day", d.RocAuc, now, d.Day)),
            ],
            [.. model.Parameters.Select(p => new KeyValue(p.Key, p.Value))],
            cancel: cancel);
        await client.LogInputsAsync(
            id,
            [.. claims.Data.Select(d => Dataset(d, d.Role == "training" ? sample.TrainingFile : sample.PredictionsFile(model)))],
            cancel);

        var root = run.Info.ArtifactUri;
        await UploadAsync(root, "model/MLmodel", sample.DescriptionFile(model), cancel);
        await UploadAsync(root, "model/model.onnx", sample.ModelFile(model), cancel);
        await UploadAsync(root, CandidateDraft.UsualPredictions, sample.PredictionsFile(model), cancel);
        if (git?.Changes is { } changes)
        {
            using var patch = new MemoryStream(Encoding.UTF8.GetBytes(changes));
            await client.PutArtifactAsync(root, "code/changes.diff", patch, cancel);
        }

        await client.EndRunAsync(id, cancel: cancel);
        return run;
    }

    private IEnumerable<KeyValue> Tags(SampleModel model)
    {
        yield return new("mlflow.note.content", model.Description);
        yield return new("mlflow.user", Environment.UserName);
        yield return new(RunTags.Source, "baton quickstart");
        if (git is null)
            yield break;
        yield return new(RunTags.Commit, git.Commit);
        var dirty = git.Dirty ? "true" : "false";
        yield return new("mlflow.source.git.dirty", dirty);
        yield return new(RunTags.Dirty, dirty);
        if (git.Changes is { } changes)
            yield return new(RunTags.Diff, Digests.Sha256(changes));
    }

    private static DatasetInput Dataset(DatasetClaim claim, string file)
    {
        var digest = Sha256(file);
        var dataset = new Dataset
        {
            Name = claim.Name,
            Digest = Digests.Hex(digest)[..16],
            SourceType = "local",
            Source = JsonSerializer.Serialize(new { uri = Path.GetFileName(file) }),
            Profile = JsonSerializer.Serialize(new { num_rows = claim.Rows }),
        };
        return new DatasetInput(dataset, [new(RunTags.Context, claim.Role), new(RunTags.Sha256, digest)]);
    }

    private static string Sha256(string file)
    {
        using var stream = File.OpenRead(file);
        return "sha256:" + Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private async Task UploadAsync(string root, string path, string file, CancellationToken cancel)
    {
        await using var stream = File.OpenRead(file);
        await client.PutArtifactAsync(root, path, stream, cancel);
    }
}
