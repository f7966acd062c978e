using System.Diagnostics;
using Baton.Inference;
using Baton.Inference.Execution;
using Xunit;

namespace Baton.UnitTests.Inference.Execution;

/// <summary>Children that misbehave, played by the shell: whatever they do, a call ends in a value and no process stays.</summary>
public sealed class ModelProcessClientTests
{
    // A frame {"verb":"ready"} of 16 bytes, as a child writes it.
    private const string Ready = """printf 'BMP1\020\000\000\000{"verb":"ready"}'; """;

    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(400);

    [Fact]
    public async Task A_child_that_hangs_is_stopped_when_its_time_is_up()
    {
        var failure = await FailureAsync(Ready + "sleep 600");

        Assert.Equal(Soon, Assert.IsType<ModelProcessFailure.TimedOut>(failure).After);
    }

    [Fact]
    public async Task A_child_that_never_gets_ready_is_stopped()
    {
        var failure = await FailureAsync("sleep 600");

        Assert.IsType<ModelProcessFailure.TimedOut>(failure);
    }

    [Fact]
    public async Task A_child_that_leaves_its_output_to_a_descendant_is_stopped_with_it()
    {
        var failure = await FailureAsync(Ready + "sleep 600 & sleep 600 & wait");

        Assert.IsType<ModelProcessFailure.TimedOut>(failure);
    }

    [Fact]
    public async Task A_child_that_crashes_is_told_by_its_exit_code_and_last_words()
    {
        var failure = await FailureAsync(Ready + "echo first >&2; echo 'terminate called' >&2; exit 3");

        var crash = Assert.IsType<ModelProcessFailure.Crashed>(failure);
        Assert.Equal(3, crash.ExitCode);
        Assert.Equal("first | terminate called", crash.LastWords);
        Assert.Contains("exit code 3", crash.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SEGV", "signal 11 (SIGSEGV)")]
    [InlineData("ABRT", "signal 6 (SIGABRT)")]
    [InlineData("KILL", "signal 9 (SIGKILL")]
    public async Task A_child_that_a_signal_ends_is_told_by_the_signal(string signal, string expected)
    {
        var failure = await FailureAsync(Ready + $"kill -{signal} $$");

        Assert.Contains(expected, Assert.IsType<ModelProcessFailure.Crashed>(failure).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_child_that_eats_memory_is_stopped_at_its_limit()
    {
        const long Limit = 48L << 20;
        var failure = await FailureAsync(Ready + "x=aaaaaaaaaaaaaaaa; while :; do x=$x$x; done", memoryLimit: Limit, timeout: TimeSpan.FromSeconds(30));

        var memory = Assert.IsType<ModelProcessFailure.OutOfMemory>(failure);
        Assert.Equal(Limit, memory.LimitBytes);
        Assert.True(memory.SeenBytes > Limit);
    }

    [Fact]
    public async Task A_child_that_talks_something_else_is_broken()
    {
        var failure = await FailureAsync(Ready + "echo 'Hello, I am a perfectly chatty program.'; sleep 600");

        Assert.Contains("protocol", Assert.IsType<ModelProcessFailure.Broken>(failure).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_child_that_floods_standard_error_does_not_block()
    {
        var failure = await FailureAsync("i=0; while [ $i -lt 20000 ]; do echo 'noise noise noise noise' >&2; i=$((i+1)); done; exit 4", timeout: TimeSpan.FromSeconds(30));

        Assert.Equal(4, Assert.IsType<ModelProcessFailure.Crashed>(failure).ExitCode);
    }

    [Fact]
    public async Task A_program_that_does_not_exist_is_a_failure_of_every_call()
    {
        await using var client = await ModelProcessClient.StartAsync(
            new ModelProcessOptions { FileName = "/no/such/program", Arguments = [] }, TimeProvider.System, default);

        Assert.Contains("/no/such/program", (await client.LoadAsync("x", default)).Failure!.Sentence, StringComparison.Ordinal);
        Assert.NotNull((await client.ReadMemoryAsync(default)).Failure);
    }

    [Fact]
    public async Task After_a_failure_every_further_call_gives_the_same_one_at_once()
    {
        await using var client = await StartAsync(Ready + "exit 9");
        var first = (await client.LoadAsync("x", default)).Failure;
        var watch = Stopwatch.StartNew();

        Assert.Same(first, (await client.PredictAsync([], default)).Failure);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Disposing_leaves_no_process()
    {
        int id;
        await using (var client = await StartAsync(Ready + "trap '' TERM INT; while :; do sleep 1; done"))
            id = client.ProcessId!.Value;

        Assert.False(Directory.Exists($"/proc/{id}"));
    }

    [Fact]
    public async Task Cancelling_a_call_kills_the_child()
    {
        await using var client = await StartAsync(Ready + "sleep 600", timeout: TimeSpan.FromMinutes(5));
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.LoadAsync("x", cancel.Token));
    }

    [Fact]
    public async Task The_child_knows_little_of_its_owner()
    {
        Environment.SetEnvironmentVariable("BATON_TEST_SECRET", "hunter2");
        await using var client = await StartAsync("sleep 0.5; echo \"secret=$BATON_TEST_SECRET adj=$(cat /proc/self/oom_score_adj) files=$(ls | wc -l)\" >&2; exit 5", timeout: TimeSpan.FromSeconds(20));

        var words = Assert.IsType<ModelProcessFailure.Crashed>((await client.LoadAsync("x", default)).Failure).LastWords;
        Assert.Equal("secret= adj=1000 files=0", words);
    }

    private static async Task<ModelProcessFailure?> FailureAsync(string script, long memoryLimit = 1L << 30, TimeSpan? timeout = null)
    {
        int? id;
        ModelProcessFailure? failure;
        await using (var client = await StartAsync(script, memoryLimit, timeout))
        {
            id = client.ProcessId;
            failure = (await client.PredictAsync([new Tensor("x", [1], new[] { 1f })], default)).Failure;
        }

        Assert.False(Directory.Exists($"/proc/{id}"));
        return failure;
    }

    private static Task<ModelProcessClient> StartAsync(string script, long memoryLimit = 1L << 30, TimeSpan? timeout = null)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The misbehaving children are shell scripts that look into /proc.");
        return ModelProcessClient.StartAsync(
            new ModelProcessOptions
            {
                FileName = "/bin/sh",
                Arguments = ["-c", script],
                MemoryLimitBytes = memoryLimit,
                LoadTimeout = timeout ?? Soon,
                CallTimeout = timeout ?? Soon,
            },
            TimeProvider.System, default);
    }
}
