using Baton.Testing;
using Xunit;

namespace Baton.EndToEndTests.Cli;

public sealed class HelpTests
{
    [Theory]
    [InlineData("")]
    [InlineData("up")]
    [InlineData("server")]
    [InlineData("serve")]
    [InlineData("agent")]
    [InlineData("quickstart")]
    [InlineData("contract")]
    [InlineData("contract init")]
    [InlineData("contract lint")]
    [InlineData("contract show")]
    [InlineData("contract diff")]
    [InlineData("verify")]
    [InlineData("handoff")]
    [InlineData("handoff propose")]
    [InlineData("handoff accept")]
    [InlineData("handoff submit")]
    [InlineData("handoff show")]
    [InlineData("handoff counter")]
    [InlineData("handoff reject")]
    [InlineData("handoff waive")]
    [InlineData("handoff comment")]
    [InlineData("promote")]
    [InlineData("deploy")]
    [InlineData("predictions")]
    [InlineData("predictions query")]
    [InlineData("predictions show")]
    [InlineData("predictions replay")]
    [InlineData("labels")]
    [InlineData("labels send")]
    [InlineData("import")]
    [InlineData("import mlflow")]
    [InlineData("gc")]
    [InlineData("config")]
    [InlineData("config show")]
    public async Task The_help_of_a_verb_is_the_approved_one(string verb)
    {
        var help = await BatonCommand.RunAsync([.. verb.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        Assert.Equal((0, ""), (help.ExitCode, help.Error));
        Approved.Match(help.Out, $"help {verb}".Trim().Replace(' ', '-'));
    }

    [Fact]
    public async Task Without_a_verb_it_tells_what_there_is()
    {
        var help = await BatonCommand.RunAsync("--help");

        Assert.Equal(help, await BatonCommand.RunAsync());
    }
}
