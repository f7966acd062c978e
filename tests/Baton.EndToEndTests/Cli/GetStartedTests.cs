using System.Diagnostics;
using System.Text.RegularExpressions;
using Baton.Testing;
using Xunit;

namespace Baton.EndToEndTests.Cli;

/// <summary>The commands of <c>docs/get-started.md</c>, typed as they stand there.</summary>
public sealed partial class GetStartedTests
{
    [Fact]
    public async Task The_lap_by_hand_works_as_it_is_told()
    {
        await using var running = await RunningBaton.StartAsync();
        using var folder = new TempDirectory();
        File.CreateSymbolicLink(folder.File("baton"), BatonBinary.Path);
        Directory.CreateSymbolicLink(folder.File("samples"), Path.Combine(Repository.Root, "samples"));
        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/get-started.md"));
        var commands = Blocks().Matches(text).Select(m => m.Groups[1].Value).Where(block => !block.StartsWith("./baton quickstart", StringComparison.Ordinal)).ToList();
        Assert.True(commands.Count > 5, "The page has lost its commands.");
        var script = string.Join("echo\n", commands)
            .Replace("http://localhost:5000", running.Address.ToString().TrimEnd('/'), StringComparison.Ordinal)
            .Replace("http://localhost:8080", running.Serving.ToString().TrimEnd('/'), StringComparison.Ordinal);

        using var bash = Process.Start(new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", script])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["BATON_SERVER"] = running.Address.ToString() },
        })!;
        var (output, error) = (bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync());
        await bash.WaitForExitAsync();

        Assert.True(bash.ExitCode == 0, $"exit code {bash.ExitCode}\n{await output}\n{await error}");
        var stages = await running.Client.GetStagesAsync("flight-delay");
        Assert.Equal("1", stages.Single(s => s.Stage == "production").Version);
        Assert.Contains("PASS", await output, StringComparison.Ordinal);
        var prediction = Assert.Single(await running.Client.ListPredictionsAsync("flight-delay"));
        Assert.Equal(("my-flight", "1", "1"), (prediction.PredictionId, prediction.Version, prediction.Label?.ToString()));
    }

    [GeneratedRegex("^```bash\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
