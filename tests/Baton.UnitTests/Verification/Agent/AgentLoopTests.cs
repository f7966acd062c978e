using System.Net;
using System.Text.Json;
using Baton.Client;
using Baton.Contracts;
using Baton.Testing;
using Baton.Verification.Agent;
using Xunit;

namespace Baton.UnitTests.Verification.Agent;

public sealed class AgentLoopTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string[] Child = ["verify-job"];

    private readonly TempDirectory _work = new();
    private readonly ControlPlaneDouble _server = new();
    private readonly List<string> _log = [];

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task A_job_is_verified_and_its_evidence_handed_in()
    {
        Offer();
        var evidence = await WorkAsync(BatonBinary.Path, Child, () => _server.Completed.Task);

        Assert.All(evidence.Clauses, c => Assert.True(c.Verdict == Verdict.Pass, $"{c.Name}: {c.Verdict}: {c.Reason}"));
        Assert.Contains(_server.Progress, p => p.Contains('%', StringComparison.Ordinal));
        Assert.Empty(Directory.GetDirectories(_work.File("jobs")));
        Assert.Equal(3, Directory.GetFiles(_work.File("blobs")).Length);
    }

    [Theory]
    [InlineData("echo 'out of luck' >&2; exit 7", "exit code 7: out of luck")]
    [InlineData("kill -KILL $$", "SIGKILL")]
    [InlineData("exit 0", "exit code 0")]
    [InlineData("x=aaaaaaaaaaaaaaaa; while :; do x=$x$x; done", "more than the 64 MiB it may")]
    public async Task A_verifying_process_that_dies_is_evidence_against_every_clause_of_the_contract(string script, string expected)
    {
        Offer();
        var evidence = await WorkAsync("/bin/sh", ["-c", script], () => _server.Completed.Task);

        Assert.Equal(Verdict.Fail, evidence.Verdict);
        Assert.All(evidence.Clauses.Take(4), c => Assert.Equal(Verdict.Fail, c.Verdict));
        Assert.All(evidence.Clauses.Skip(4), c => Assert.Equal(Verdict.NotRun, c.Verdict));
        Assert.Contains(expected, evidence.Clauses[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_verifying_process_that_takes_too_long_is_evidence_too()
    {
        Offer();
        var evidence = await WorkAsync("/bin/sh", ["-c", "sleep 600"], () => _server.Completed.Task, limit: TimeSpan.FromSeconds(0.5));

        Assert.Contains("within 0.5 s", evidence.Clauses[0].Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)] // the server finds out before it sends
    [InlineData(false)] // the agent finds out
    public async Task A_file_that_is_not_what_was_sealed_fails_the_clause_files_by_its_digest(bool serverKnows)
    {
        var request = Offer();
        var digest = request.Package.Files.Single(f => f.Path == "model.onnx").Sha256;
        if (serverKnows)
            _server.Corrupt.Add(digest);
        else
            _server.Blobs[digest] = [1, 2, 3];
        var evidence = await WorkAsync("/bin/false", [], () => _server.Completed.Task);

        Assert.Equal("files", Assert.Single(evidence.Clauses, c => c.Verdict == Verdict.Fail).Name);
        Assert.Contains(digest, evidence.Clauses.Single(c => c.Name == "files").Reason, StringComparison.Ordinal);
        Assert.All(evidence.Clauses.Where(c => c.Name != "files"), c => Assert.Equal(Verdict.NotRun, c.Verdict));
    }

    [Fact]
    public async Task A_cancelled_job_is_stopped_and_nothing_is_handed_in()
    {
        Offer();
        _server.Cancel = true;
        await WorkAsync("/bin/sh", ["-c", "sleep 600"], () => Wait.UntilAsync(() => Logged("it was cancelled"), Patience).ContinueWith(_ => 0));

        Assert.False(_server.Completed.Task.IsCompleted || _server.Failed.Task.IsCompleted);
        Assert.Empty(Directory.GetDirectories(_work.File("jobs")));
    }

    [Fact]
    public async Task A_job_that_another_attempt_has_is_stopped()
    {
        Offer();
        _server.Stale = true;
        await WorkAsync("/bin/sh", ["-c", "sleep 600"], () => Wait.UntilAsync(() => Logged("another attempt has it now"), Patience).ContinueWith(_ => 0));

        Assert.False(_server.Completed.Task.IsCompleted);
    }

    [Fact]
    public async Task A_request_that_cannot_be_read_is_handed_back()
    {
        _server.Payload = new { model = "flight-delay", contract = 17 };

        Assert.StartsWith("the request cannot be read", await WorkAsync("/bin/false", [], () => _server.Failed.Task), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_that_leads_out_of_the_package_is_handed_back()
    {
        var request = Offer();
        _server.Payload = request with { Package = new Manifest([request.Package.Files[0] with { Path = "../../evil" }]) };

        Assert.Contains("leads out of the package", await WorkAsync("/bin/false", [], () => _server.Failed.Task), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_cannot_be_started_is_handed_back()
    {
        Offer();

        Assert.Contains("/no/such/baton", await WorkAsync("/no/such/baton", [], () => _server.Failed.Task), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_away_is_waited_for()
    {
        Offer();
        _server.Unreachable = 2;
        await WorkAsync("/bin/sh", ["-c", "exit 3"], () => _server.Completed.Task);

        Assert.True(Logged("Trying again") && Logged("answers again"));
    }

    [Fact]
    public async Task Evidence_is_kept_while_the_server_or_its_database_fails()
    {
        var request = Offer();
        _server.Faults.Enqueue((HttpStatusCode.ServiceUnavailable, "database_unavailable"));
        _server.Faults.Enqueue((HttpStatusCode.InternalServerError, "internal_error"));
        _server.Payload = request with { UncomparableProduction = "7" };
        var evidence = await WorkAsync("/bin/sh", ["-c", "exit 3"], () => _server.Completed.Task);

        Assert.Equal("7", evidence.ProductionVersion);
        Assert.False(_server.Failed.Task.IsCompleted);
    }

    [Fact]
    public async Task Evidence_that_the_server_refuses_is_not_handed_in_again()
    {
        Offer();
        _server.Faults.Enqueue((HttpStatusCode.BadRequest, "invalid_request"));

        Assert.Equal("Nothing was changed.", await WorkAsync("/bin/sh", ["-c", "exit 3"], () => _server.Failed.Task));
    }

    [Fact]
    public async Task An_agent_that_is_stopped_hands_its_job_back()
    {
        Offer();
        using var client = new BatonClient(new Uri("http://control-plane/"), handler: _server);
        using var stop = new CancellationTokenSource();
        var running = Loop(client, "/bin/sh", ["-c", "sleep 600"], TimeSpan.FromMinutes(1)).RunAsync(stop.Token);
        await Wait.UntilAsync(() => Logged("Verifying flight-delay"), Patience);
        await stop.CancelAsync();
        await running.WaitAsync(Patience);

        Assert.Equal("the agent was stopped", await _server.Failed.Task.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_prediction_is_run_again_and_its_outputs_are_handed_in()
    {
        OfferReplay();
        var result = await WorkAsync(BatonBinary.Path, Child, () => _server.Replayed.Task);

        Assert.Null(result.Fault);
        Assert.InRange(result.Score!.Value, 0, 1);
        Assert.Equal(["label", "probabilities"], result.Outputs!.Keys.Order());
        Assert.Empty(Directory.GetDirectories(_work.File("jobs")));
    }

    [Theory]
    [InlineData("echo 'out of luck' >&2; exit 7", "exit code 7: out of luck")]
    [InlineData("exit 0", "exit code 0")]
    public async Task A_replay_that_dies_is_a_fault_and_no_reason_to_try_again(string script, string expected)
    {
        OfferReplay();
        var result = await WorkAsync("/bin/sh", ["-c", script], () => _server.Replayed.Task);

        Assert.Null(result.Outputs);
        Assert.Contains(expected, result.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replay_of_a_package_that_is_not_what_was_sealed_says_which_file()
    {
        var digest = OfferReplay().Package.Files.Single(f => f.Path == "model.onnx").Sha256;
        _server.Corrupt.Add(digest);
        var result = await WorkAsync("/bin/false", [], () => _server.Replayed.Task);

        Assert.Contains($"model.onnx is not what was sealed as {digest}", result.Fault, StringComparison.Ordinal);
    }

    private ReplayRequest OfferReplay()
    {
        var verification = Offer();
        var request = new ReplayRequest
        {
            Model = verification.Model,
            Version = "1",
            Package = verification.Package,
            Claims = verification.Claims,
            Inputs = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(
                """{"hour": 17, "weekday": 5, "distance": 337, "origin": "LAX", "destination": "SFO"}""")!,
        };
        _server.Payload = request;
        return request;
    }

    private VerificationRequest Offer()
    {
        var claims = FlightsSample.Claims("champion");
        foreach (var file in claims.Package.Files)
            _server.Put(File.ReadAllBytes(Path.Combine(FlightsSample.Folder("champion"), file.Path)));
        _server.Put(File.ReadAllBytes(FlightsSample.Reference("champion")));
        var request = new VerificationRequest
        {
            Model = claims.Model,
            Version = "1",
            Contract = ContractWriter.Write(FlightsSample.Contract),
            Claims = claims,
            Package = claims.Package,
        };
        _server.Payload = request;
        return request;
    }

    private bool Logged(string text)
    {
        lock (_log)
            return _log.Any(l => l.Contains(text, StringComparison.Ordinal));
    }

    private AgentLoop Loop(BatonClient client, string fileName, string[] arguments, TimeSpan limit)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The misbehaving children are shell scripts.");
        return new AgentLoop(
            client,
            new AgentOptions { Name = "test", WorkDirectory = _work.Path, FileName = fileName, Arguments = arguments, JobTimeLimit = limit, MemoryLimitBytes = fileName == "/bin/sh" ? 64 << 20 : 4L << 30 },
            TimeProvider.System,
            line =>
            {
                lock (_log)
                    _log.Add(line);
            });
    }

    private async Task<T> WorkAsync<T>(string fileName, string[] arguments, Func<Task<T>> until, TimeSpan? limit = null)
    {
        using var client = new BatonClient(new Uri("http://control-plane/"), handler: _server);
        using var stop = new CancellationTokenSource();
        var running = Loop(client, fileName, arguments, limit ?? TimeSpan.FromMinutes(1)).RunAsync(stop.Token);
        try
        {
            return await until().WaitAsync(Patience);
        }
        finally
        {
            await stop.CancelAsync();
            await running.WaitAsync(Patience);
        }
    }
}
