using System.Text.Json;
using Baton.Contracts;
using Baton.Inference;
using Baton.Inference.Execution;
using Baton.Storage;
using Baton.Verification.Drafting;
using Baton.Verification.Execution;

namespace Baton.Verification;

/// <summary>
/// The agent's child for a replay: runs one row through the model of the package in a folder, and writes <c>result.json</c> into it. The folder holds
/// <c>replay.json</c> (a <see cref="ReplayRequest"/>) and <c>package/</c>.
/// </summary>
internal static class ReplayJob
{
    public const string RequestFile = "replay.json";
    public const string ResultFile = "result.json";

    /// <summary>Runs the job in a folder that holds a replay; false where it holds none.</summary>
    public static async Task<bool> TryRunAsync(string directory, ModelProcessOptions modelProcess, TimeProvider time, CancellationToken cancellation)
    {
        var file = Path.Combine(directory, RequestFile);
        if (!File.Exists(file))
            return false;
        var request = Documents.Read<ReplayRequest>(await File.ReadAllTextAsync(file, cancellation));
        var result = await RunAsync(request, Path.Combine(directory, VerificationJob.PackageFolder), modelProcess, time, cancellation);
        await DurableFile.WriteAsync(Path.Combine(directory, ResultFile), JsonSerializer.SerializeToUtf8Bytes(result, Documents.Compact), cancellation);
        return true;
    }

    private static async Task<ReplayResult> RunAsync(
        ReplayRequest request, string package, ModelProcessOptions modelProcess, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            var model = ModelOf(request, package);
            var inputs = OnnxFile.Describe(model).Inputs.Select(input => RowTensors.Read(input, request.Inputs)).ToList();
            await using var process = await ModelProcessClient.StartAsync(modelProcess, time, cancellation);
            if ((await process.LoadAsync(model, cancellation)).Failure is { } unloaded)
                return new ReplayResult { Fault = $"The model does not load: {unloaded.Sentence.TrimEnd('.')}." };
            var outcome = await process.PredictAsync(inputs, cancellation);
            if (outcome.Value is not { } outputs)
                return new ReplayResult { Fault = $"The model failed: {outcome.Failure!.Sentence.TrimEnd('.')}." };
            return new ReplayResult { Outputs = outputs.ToDictionary(o => o.Name, RowTensors.Write), Score = ScoreOf(request.Claims, outputs) };
        }
        catch (Exception e) when (e is InvalidModelException or ModelInputException or DraftException)
        {
            return new ReplayResult { Fault = e.Message };
        }
    }

    private static string ModelOf(ReplayRequest request, string package) =>
        request.Claims is { Framework.ModelFile: var named } && request.Package.Files.Any(f => f.Path == named)
            ? Path.Combine(package, named)
            : Found(PackageFolder.Open(package));

    private static string Found(PackageFolder folder) => folder.PathOf(folder.ModelFile);

    private static double? ScoreOf(Claims? claims, IReadOnlyList<Tensor> outputs)
    {
        if (claims?.Interface.Score is not { } named)
            return null;
        var wanted = OutputColumn.Parse(named);
        var score = outputs.FirstOrDefault(o => o.Name == wanted.Name) is { Datatype: not "BYTES" } output && wanted.Column < output.Width
            ? output.ColumnAsDoubles(wanted.Column)[0]
            : double.NaN;
        return double.IsFinite(score) ? score : null;
    }
}
