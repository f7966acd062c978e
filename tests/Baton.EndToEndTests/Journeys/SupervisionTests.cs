using Baton.Testing;
using Xunit;

namespace Baton.EndToEndTests.Journeys;

/// <summary>What <c>baton up</c> hands to its children, and what it does for them.</summary>
public sealed class SupervisionTests
{
    [Fact]
    public async Task The_database_is_told_to_the_control_plane_alone_and_not_where_process_lists_show_it()
    {
        const string secret = "hunter2";
        using var folder = new TempDirectory();
        var database = folder.File($"{secret}.db");

        await using var running = await RunningBaton.StartAsync(arguments: ["--database", $"sqlite:{database}"]);
        await Wait.UntilAsync(() => running.Children().Count == 3, TimeSpan.FromSeconds(30));

        Assert.True(File.Exists(database), "The control plane does not use the database that it was told.");
        foreach (var (verb, pid) in running.Children())
        {
            Assert.DoesNotContain(ProcessTree.CommandLineOf(pid), word => word.Contains(secret, StringComparison.Ordinal));
            Assert.Equal(verb == "server", (await File.ReadAllTextAsync($"/proc/{pid}/environ")).Contains(secret, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_is_told_once_and_stops_no_child()
    {
        using var folder = new TempDirectory();
        Directory.CreateDirectory(folder.File("data", "logs"));
        foreach (var child in (string[])["server", "serving", "agent"])
            File.CreateSymbolicLink(folder.File("data", "logs", child + ".log"), "/dev/full");

        await using var running = await RunningBaton.StartAsync(folder.File("data"));
        var before = running.Children()["server"];
        // A child that dies is another line for its log, and the new one says again that it listens.
        ProcessTree.Signal(before, "KILL");
        await Wait.UntilAsync(() => running.Children().TryGetValue("server", out var pid) && pid != before, TimeSpan.FromSeconds(30));
        await Wait.UntilAsync(() => running.Client.IsHealthyAsync(), TimeSpan.FromSeconds(30));

        var told = running.Output.Split('\n').Where(line => line.Contains("cannot be written", StringComparison.Ordinal)).ToList();
        Assert.Single(told, line => line.StartsWith("server: the log ", StringComparison.Ordinal));
        Assert.Equal(told.Distinct().Count(), told.Count);
    }
}
