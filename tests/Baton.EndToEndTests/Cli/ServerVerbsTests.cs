using Xunit;

namespace Baton.EndToEndTests.Cli;

/// <summary>Verbs that ask a server, on the one where the quickstart told its story.</summary>
public sealed class ServerVerbsTests(QuickstartStory quickstart)
{
    [Theory]
    [InlineData("baseline", 1, "the verdict is fail")]
    [InlineData("challenger", 3, "the verdict is inconclusive")]
    public async Task A_refused_gate_ends_with_the_code_of_the_verdict_and_the_reason(string name, int exitCode, string reason)
    {
        var story = await quickstart.ToldAsync();

        var ended = await BatonCommand.RunAsync("promote", $"models:/flight-delay/{story[name].Version}", "--to", "production", "--server", story.Address.ToString());

        Assert.Equal((exitCode, ""), (ended.ExitCode, ended.Out));
        Assert.Contains(reason, ended.Error, StringComparison.Ordinal);
        Assert.Contains("metrics.roc_auc", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stage_that_has_moved_is_left_alone()
    {
        var story = await quickstart.ToldAsync();

        var ended = await BatonCommand.RunAsync(
            "promote", $"models:/flight-delay/{story["champion"].Version}", "--to", "production", "--expect", "7", "--server", story.Address.ToString());

        Assert.Equal(2, ended.ExitCode);
    }

    [Fact]
    public async Task Handoffs_are_shown_with_their_verdicts()
    {
        var story = await quickstart.ToldAsync();

        var shown = await BatonCommand.RunAsync("handoff", "show", "models:/flight-delay", "--server", story.Address.ToString());
        var json = await BatonCommand.RunAsync("handoff", "show", "models:/flight-delay", "--server", story.Address.ToString(), "--json");

        Assert.Equal(0, shown.ExitCode);
        Assert.All(["pass  version 1", "fail  version 2", "inconclusive  version 3"], line => Assert.Contains(line, shown.Out, StringComparison.Ordinal));
        var handoffs = json.Json.GetProperty("handoffs").EnumerateArray().ToList();
        Assert.Equal([2, 1], handoffs.Select(h => h.GetProperty("verifications").GetArrayLength()));
    }

    [Fact]
    public async Task The_contract_in_force_is_shown_with_its_signatures()
    {
        var story = await quickstart.ToldAsync();

        var shown = await BatonCommand.RunAsync("contract", "show", "models:/flight-delay", "--server", story.Address.ToString());
        var same = await BatonCommand.RunAsync(
            "contract", "diff", "models:/flight-delay", "samples/flights/contract.yaml", "--server", story.Address.ToString());

        Assert.Contains("in force since", shown.Out, StringComparison.Ordinal);
        Assert.Contains("signed for the model by", shown.Out, StringComparison.Ordinal);
        Assert.Contains("signed for the service by", shown.Out, StringComparison.Ordinal);
        Assert.Equal("The contracts demand the same.\n", same.Out);
    }

    [Fact]
    public async Task There_is_nothing_more_to_sign()
    {
        var story = await quickstart.ToldAsync();

        var ended = await BatonCommand.RunAsync("handoff", "accept", "flight-delay", "--side", "both", "--server", story.Address.ToString());

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("in force already", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clause_is_countered_commented_on_waived_and_the_offer_rejected()
    {
        var story = await quickstart.ToldAsync();
        string[] server = ["--server", story.Address.ToString()];

        var offered = await BatonCommand.RunAsync(["handoff", "counter", "models:/flight-delay", "latency", "--change", "p95: {max: 50 ms}", "--reason", "half is enough", "--json", .. server]);
        Assert.Equal(0, offered.ExitCode);
        var id = offered.Json.GetProperty("id").GetString()!;
        Assert.Equal("pass", offered.Json.GetProperty("trade_off")[0].GetProperty("would_be").GetString());
        var version = story["champion"].Version;
        Assert.Equal(0, (await BatonCommand.RunAsync(["handoff", "comment", "models:/flight-delay", "who pays for it?", "--clause", "latency", .. server])).ExitCode);
        Assert.Equal(0, (await BatonCommand.RunAsync(["handoff", "waive", $"models:/flight-delay/{version}", "latency", "--until", "30d", "--reason", "new machine", .. server])).ExitCode);

        var shown = await BatonCommand.RunAsync(["handoff", "show", "models:/flight-delay", .. server]);
        Assert.All(
            [$"counter-offer {id}", "half is enough", "under the offer pass", $"latency is waived for version {version}", "who pays for it?", "contract 1.0.0"],
            words => Assert.Contains(words, shown.Out, StringComparison.Ordinal));

        var rejected = await BatonCommand.RunAsync(["handoff", "reject", "models:/flight-delay", "--offer", id, "--reason", "the load will double", .. server]);
        Assert.Equal(0, rejected.ExitCode);
        Assert.Equal(2, (await BatonCommand.RunAsync(["handoff", "accept", "models:/flight-delay", "--offer", id, .. server])).ExitCode);
        Assert.Equal(2, (await BatonCommand.RunAsync(["handoff", "accept", "models:/flight-delay", .. server])).ExitCode);
        Assert.Equal(2, (await BatonCommand.RunAsync(["handoff", "waive", "models:/flight-delay", "latency", "--until", "soon", "--reason", "why", .. server])).ExitCode);
    }
}
