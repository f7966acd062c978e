using Baton.Testing;
using Xunit;

namespace Baton.EndToEndTests.Cli;

public sealed class WrongUseTests
{
    [Theory]
    [InlineData("verfy", "'verfy' is not understood here; did you mean verify?")]
    [InlineData("contract lnit x.yaml", "'lnit' is not understood here; did you mean")]
    [InlineData("verify --cliams claims.json contract.yaml", "'--cliams' is not understood here; did you mean --claims?")]
    [InlineData("promote models:/m/1", "Option '--to' is required.")]
    [InlineData("promote models:/m/1 --to moon", "'moon'")]
    [InlineData("promote flight-delay --to staging", "'flight-delay' names no model version; expected models:/NAME/VERSION")]
    [InlineData("deploy models:/m/1", "Option '--endpoint' is required.")]
    [InlineData("deploy --endpoint e", "name models:/NAME/VERSION or models:/NAME@production, or give --rollback")]
    [InlineData("deploy models:/m/1 --endpoint e --rollback", "leave --rollback out")]
    [InlineData("deploy models:/m@champion --endpoint e", "'models:/m@champion' names nothing to deploy; expected models:/NAME@production")]
    [InlineData("deploy m --endpoint e", "'m' names no model version; expected models:/NAME/VERSION")]
    [InlineData("handoff submit models:/a/1 models:/b/1", "versions of one model; these are of a, b")]
    [InlineData("verify nowhere.yaml --claims c.json", "there is no contract nowhere.yaml")]
    [InlineData("verify samples/flights/contract.yaml", "--claims is missing")]
    [InlineData("verify samples/flights/contract.yaml --claims samples/flights/contract.yaml", "holds no claims")]
    [InlineData("verify samples --claims c.json", "it is a directory")]
    [InlineData("contract init nowhere.onnx --model m", "there is no model nowhere.onnx")]
    [InlineData("contract init samples/flights/champion --model m --metric auc", "did you mean roc_auc?")]
    [InlineData("up --port 99999", "'99999' is no port; expected a number from 0 to 65535")]
    [InlineData("up --host 0.0.0.0", "--host 0.0.0.0 is not a loopback address")]
    [InlineData("server --database mysql:x", "expected sqlite:FILE or postgres:CONNECTION")]
    [InlineData("handoff show models:/m --server nonsense", "'nonsense' is no address of a server")]
    [InlineData("quickstart --exit --data samples", "samples is not empty")]
    public async Task Wrong_use_ends_with_2_and_says_what_was_expected(string arguments, string said)
    {
        var ended = await BatonCommand.RunAsync(arguments.Split(' '));

        Assert.Equal((2, ""), (ended.ExitCode, ended.Out));
        Assert.StartsWith("baton: ", ended.Error, StringComparison.Ordinal);
        Assert.Contains(said, ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_fault_of_the_options_is_told_at_once()
    {
        var ended = await BatonCommand.RunAsync("server", "--host", "0.0.0.0", "--database", "mysql:x", "--blobs", "s3:bucket");

        Assert.Equal(2, ended.ExitCode);
        Assert.All(["--host 0.0.0.0", "--database mysql:x", "--blobs s3:bucket"], fault => Assert.Contains(fault, ended.Error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_ends_with_4_and_the_way_to_start_one()
    {
        var ended = await BatonCommand.RunAsync("promote", "models:/m/1", "--to", "staging", "--server", "http://localhost:1");

        Assert.Equal(4, ended.ExitCode);
        Assert.Contains("No Baton server answers at http://localhost:1", ended.Error, StringComparison.Ordinal);
        Assert.Contains("baton up", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_server_on_the_same_directory_is_refused()
    {
        await using var running = await RunningBaton.StartAsync();

        var second = await BatonCommand.RunAsync("server", "--data", running.Data, "--port", "0");

        Assert.Equal(2, second.ExitCode);
        Assert.Contains("another Baton server uses the directory", second.Error, StringComparison.Ordinal);
        Assert.True(await running.Client.IsHealthyAsync());
    }

    [Theory]
    [InlineData("up")]
    [InlineData("server")]
    [InlineData("quickstart")]
    public async Task A_port_in_use_is_told_with_the_way_out(string verb)
    {
        using var holder = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        holder.Start();
        var port = ((System.Net.IPEndPoint)holder.LocalEndpoint).Port;
        using var folder = new TempDirectory();

        string[] servePort = verb == "server" ? [] : ["--serve-port", "0"];
        var ended = await BatonCommand.RunAsync([verb, "--data", folder.File("data"), "--port", $"{port}", .. servePort]);

        Assert.Equal(2, ended.ExitCode);
        var line = Assert.Single(ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains($"port {port} on 127.0.0.1 is in use", line, StringComparison.Ordinal);
        Assert.Contains("--port", line, StringComparison.Ordinal);
        if (OperatingSystem.IsLinux())
            Assert.Contains($"(process {Environment.ProcessId})", line, StringComparison.Ordinal);
    }
}
