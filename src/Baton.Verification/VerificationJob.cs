using System.Text.Json;
using Baton.Contracts;
using Baton.Inference.Execution;
using Baton.Storage;

namespace Baton.Verification;

/// <summary>
/// The agent's child: verifies what lies in a folder and writes <c>evidence.json</c> into it, whole or not at all. The folder holds
/// <c>request.json</c> (a <see cref="VerificationRequest"/>), <c>package/</c> with the candidate's files, <c>reference.parquet</c>,
/// <c>data/</c> with the datasets that the claims name, <c>holdout.parquet</c> where the contract names one, and the package and reference of production
/// under <c>production/</c> where there is a version in production. A folder that holds <c>replay.json</c> is a <see cref="ReplayJob"/>'s.
/// </summary>
public static class VerificationJob
{
    /// <summary>File of the request in the folder.</summary>
    public const string RequestFile = "request.json";

    /// <summary>File of the evidence in the folder.</summary>
    public const string EvidenceFile = "evidence.json";

    /// <summary>Stands before the folder where the contract's own commands may run.</summary>
    public const string RunCommandsFlag = "--run-commands";

    internal const string PackageFolder = "package";
    internal const string ReferenceFile = "reference.parquet";
    internal const string ProductionFolder = "production";
    internal const string DataFolder = "data";
    internal const string HoldoutFile = "holdout.parquet";

    /// <summary>Runs the job.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="modelProcess">How model processes are started, and what they may use.</param>
    /// <param name="input">Its end ends the job: nobody waits for it any more.</param>
    /// <param name="output">Takes progress: a <see cref="VerificationProgress"/> as JSON in each line.</param>
    /// <param name="time">Clock.</param>
    /// <param name="runsCommands">Whether the contract's own commands may run (<see cref="VerificationInput.RunsCommands"/>).</param>
    /// <param name="cancellation">Ends the job.</param>
    /// <returns>The exit code: 0 when the evidence is written, whatever it says; 1 when the job was ended.</returns>
    /// <exception cref="IOException">The folder cannot be read or written.</exception>
    /// <exception cref="JsonException">The request is not one.</exception>
    /// <exception cref="ContractException">The request's contract is not one.</exception>
    public static async Task<int> RunAsync(
        string directory, ModelProcessOptions modelProcess, Stream input, Stream output, TimeProvider time, bool runsCommands, CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _ = EndWithAsync(input, ended);
        try
        {
            if (await ReplayJob.TryRunAsync(directory, modelProcess, time, ended.Token))
                return 0;
            var request = Documents.Read<VerificationRequest>(await File.ReadAllTextAsync(Path.Combine(directory, RequestFile), ended.Token));
            var evidence = await Verifier.VerifyAsync(Input(directory, request, modelProcess, time) with { RunsCommands = runsCommands }, new JsonLines(output), ended.Token);
            await DurableFile.WriteAsync(Path.Combine(directory, EvidenceFile), JsonSerializer.SerializeToUtf8Bytes(evidence, Documents.Compact), ended.Token);
            return 0;
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            return 1;
        }
    }

    private static VerificationInput Input(string directory, VerificationRequest request, ModelProcessOptions modelProcess, TimeProvider time)
    {
        var production = Path.Combine(directory, ProductionFolder);
        return new VerificationInput
        {
            Contract = ContractParser.ParseOrThrow(request.Contract),
            Claims = request.Claims,
            PackageDirectory = Path.Combine(directory, PackageFolder),
            ReferenceFile = Path.Combine(directory, ReferenceFile),
            DataDirectory = Path.Combine(directory, DataFolder),
            Production = request.Production is { } version
                ? new ProductionInput(version.Version, version.Claims, Path.Combine(production, PackageFolder), Path.Combine(production, ReferenceFile))
                : null,
            UncomparableProduction = request.UncomparableProduction,
            Holdout = request.Holdout,
            HoldoutFile = request.Holdout is null ? null : Path.Combine(directory, HoldoutFile),
            ModelProcess = modelProcess,
            Time = time,
        };
    }

    private static async Task EndWithAsync(Stream input, CancellationTokenSource ended)
    {
        var buffer = new byte[64];
        try
        {
            while (await input.ReadAsync(buffer, ended.Token) > 0)
            {
                // Nothing is expected; only the end matters.
            }

            await ended.CancelAsync();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The job is over.
        }
    }

    private sealed class JsonLines(Stream output) : IProgress<VerificationProgress>
    {
        public void Report(VerificationProgress value)
        {
            try
            {
                output.Write([.. JsonSerializer.SerializeToUtf8Bytes(value, Documents.Compact), (byte)'\n']);
                output.Flush();
            }
            catch (IOException)
            {
                // Nobody reads: the end of the input will end the job.
            }
        }
    }
}
