using System.Diagnostics;
using System.Text.Json;
using Baton.Testing;
using Xunit;

namespace Baton.EndToEndTests.Cli;

/// <summary>What one run of the built executable gave.</summary>
internal sealed record BatonCommand(int ExitCode, string Out, string Error)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Stdout as JSON; fails where it holds anything beside one document.</summary>
    public JsonElement Json
    {
        get
        {
            using var document = JsonDocument.Parse(Out);
            return document.RootElement.Clone();
        }
    }

    /// <summary>Runs it to its end, in the checkout, with none of this process's settings.</summary>
    public static Task<BatonCommand> RunAsync(params string[] arguments) => RunAsync(Repository.Root, [], arguments);

    /// <summary>Runs it to its end.</summary>
    public static async Task<BatonCommand> RunAsync(string directory, IReadOnlyList<(string Name, string Value)> environment, string[] arguments)
    {
        var start = new ProcessStartInfo(BatonBinary.Path, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("BATON_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            var ended = new BatonCommand(process.ExitCode, await output, await error);
            Assert.DoesNotContain("   at Baton.", ended.Error, StringComparison.Ordinal);
            return ended;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
