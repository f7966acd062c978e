using Baton.Testing;
using Xunit;

namespace Baton.EndToEndTests.Cli;

public sealed class ConfigTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Flag_beats_environment_beats_file_beats_default_and_each_names_its_source()
    {
        File.WriteAllText(_folder.File("baton.yaml"), "# ours\nport: 1\nhost: ::1\ndata: from-file\n");

        var ended = await BatonCommand.RunAsync(
            _folder.Path, [("BATON_PORT", "2"), ("BATON_DATA", "from-environment")], ["config", "show", "--json", "--data", "from-flag"]);

        var settings = ended.Json.GetProperty("settings").EnumerateArray()
            .ToDictionary(s => s.GetProperty("name").GetString()!, s => (s.GetProperty("value").GetString(), s.GetProperty("source").GetString()));
        Assert.Equal(("from-flag", "flag --data"), settings["data"]);
        Assert.Equal(("2", "environment BATON_PORT"), settings["port"]);
        Assert.Equal(("::1", "baton.yaml line 3"), settings["host"]);
        Assert.Equal(("http://localhost:5000", "default"), settings["server"]);
    }

    [Fact]
    public async Task A_password_is_not_shown()
    {
        var ended = await BatonCommand.RunAsync("config", "show", "--database", "postgres:Host=db;Password=hunter2;Database=baton");

        Assert.Equal(0, ended.ExitCode);
        Assert.DoesNotContain("hunter2", ended.Out, StringComparison.Ordinal);
        Assert.Contains("Password=***;Database=baton", ended.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prot: 1\n", "baton.yaml, line 1: there is no setting 'prot'; did you mean port?")]
    [InlineData("port: [1, 2]\n", "baton.yaml, line 1, column 7: 'port' takes one value")]
    [InlineData("port: \"1\n", "baton.yaml, line 1")]
    [InlineData("- port\n", "expected lines of `setting: value`")]
    public async Task A_fault_of_the_file_is_told_with_its_place(string yaml, string said)
    {
        File.WriteAllText(_folder.File("baton.yaml"), yaml);

        var ended = await BatonCommand.RunAsync(_folder.Path, [], ["config", "show"]);

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains(said, ended.Error, StringComparison.Ordinal);
    }
}
