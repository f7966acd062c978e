using System.Diagnostics;
using System.Text.Json;
using Baton.Database;
using Baton.Testing;
using Xunit;

namespace Baton.EndToEndTests.Clients;

/// <summary>The package <c>mlflow</c> of npm, as its users have it, against a running server.</summary>
public sealed class NpmClientTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Baton.EndToEndTests", "Clients");

    [Theory, EachDatabase]
    public async Task It_drives_a_whole_life_cycle(Engine engine)
    {
        await using var server = await RunningServer.StartAsync(engine);
        using var node = Process.Start(new ProcessStartInfo("node", ["lifecycle.js", server.Endpoint])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var (output, error) = (node.StandardOutput.ReadToEndAsync(limit.Token), node.StandardError.ReadToEndAsync(limit.Token));
        try
        {
            await node.WaitForExitAsync(limit.Token);
        }
        finally
        {
            if (!node.HasExited)
                node.Kill(entireProcessTree: true);
        }

        Assert.Equal((0, ""), (node.ExitCode, await error));
        Assert.Equal(15, JsonSerializer.Deserialize<string[]>(await output)!.Length);
    }
}
