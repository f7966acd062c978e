using Baton.Inference.Execution;

namespace Baton;

/// <summary>Roles that Baton's own processes start; not for people.</summary>
internal static class HiddenVerbs
{
    /// <summary>A clean process that knows one model file.</summary>
    public const string ModelProcess = "model-process";

    /// <summary>An agent's child that verifies what lies in a folder.</summary>
    public const string VerificationJob = "verify-job";

    /// <summary>How a model process is started.</summary>
    public static ModelProcessOptions ModelProcessOptions { get; } =
        new() { FileName = BatonExecutable.Current.FileName, Arguments = [.. BatonExecutable.Current.Prefix, ModelProcess] };

    /// <summary>Plays the role that the arguments name; null where they name none.</summary>
    public static Task<int>? TryRun(string[] arguments) => arguments switch
    {
        [ModelProcess] => Inference.Execution.ModelProcess.RunAsync(
            Console.OpenStandardInput(), Console.OpenStandardOutput(), TimeProvider.System, CancellationToken.None),
        [VerificationJob, var folder] => VerifyAsync(folder, runsCommands: false),
        [VerificationJob, Verification.VerificationJob.RunCommandsFlag, var folder] => VerifyAsync(folder, runsCommands: true),
        _ => null,
    };

    private static Task<int> VerifyAsync(string folder, bool runsCommands) => Verification.VerificationJob.RunAsync(
        folder, ModelProcessOptions, Console.OpenStandardInput(), Console.OpenStandardOutput(), TimeProvider.System, runsCommands, CancellationToken.None);
}
