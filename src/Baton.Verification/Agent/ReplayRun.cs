using System.Text.Json;
using Baton.Contracts;
using Baton.Inference.Execution;

namespace Baton.Verification.Agent;

/// <summary>Runs one replay in a child process under the agent's limits, and gives a result whatever becomes of the child.</summary>
internal static class ReplayRun
{
    /// <summary>Someone waits for the answer: a model that takes longer is told to have failed.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);

    /// <summary>Runs the request, whose package lies in the folder.</summary>
    public static async Task<ReplayResult> RunAsync(ReplayRequest request, string folder, AgentOptions options, TimeProvider time, CancellationToken cancellation)
    {
        await File.WriteAllBytesAsync(Path.Combine(folder, ReplayJob.RequestFile), JsonSerializer.SerializeToUtf8Bytes(request, Documents.Compact), cancellation);
        await using var child = ChildProcess.Start(options.FileName, [.. options.Arguments, folder], options.MemoryLimitBytes, time);
        if (!await child.EndedWithinAsync(Limit, cancellation))
            return Failed(new ModelProcessFailure.TimedOut(Limit));
        var file = Path.Combine(folder, ReplayJob.ResultFile);
        return child.ExitCode == 0 && File.Exists(file)
            ? Documents.Read<ReplayResult>(await File.ReadAllTextAsync(file, cancellation))
            : Failed(await child.DeathAsync());
    }

    private static ReplayResult Failed(ModelProcessFailure failure) => new() { Fault = $"The process that ran it gave no result: {failure.Sentence.TrimEnd('.')}." };
}
