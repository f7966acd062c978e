using Baton.Contracts;
using Baton.Testing;
using Xunit;

namespace Baton.EndToEndTests.Cli;

/// <summary><c>baton verify</c> on the sample, with no server. The latency clause is left out where a verdict is asserted: other tests load the machine.</summary>
public sealed class VerifyTests : IDisposable
{
    private const string Champion = "samples/flights/champion/claims.json";

    private readonly TempDirectory _folder = new();
    private readonly string _contract;

    public VerifyTests()
    {
        var sample = ContractParser.ParseOrThrow(File.ReadAllText(Path.Combine(Repository.Root, "samples/flights/contract.yaml")));
        _contract = _folder.File("contract.yaml");
        File.WriteAllText(_contract, ContractWriter.Write(sample with { Latency = null }));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_champion_passes_and_the_rows_that_differ_are_named()
    {
        var ended = await BatonCommand.RunAsync("verify", _contract, "--claims", Champion);

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("PASS", ended.Out, StringComparison.Ordinal);
        Assert.All(
            ["reproduces", "metrics.roc_auc", "memory", "files", "framework", "parameters", "interface", "size", "data.files", "claims", "provenance"],
            clause => Assert.Contains(clause, ended.Out, StringComparison.Ordinal));
        Assert.Contains("2 rows differ", ended.Out, StringComparison.Ordinal);
        Assert.Contains("0.6534 [", ended.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', ended.Out);
        Assert.Contains("running the model", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_baseline_fails_against_the_champion()
    {
        var ended = await BatonCommand.RunAsync("verify", _contract, "--claims", "samples/flights/baseline/claims.json", "--production", Champion, "--json");

        Assert.Equal((1, ""), (ended.ExitCode, ended.Error));
        var evidence = Documents.Read<Evidence>(ended.Out);
        Assert.Equal((Verdict.Fail, "champion"), (evidence.Verdict, evidence.ProductionVersion));
        var metric = evidence.Clauses.Single(c => c.Name == "metrics.roc_auc");
        Assert.Equal((Verdict.Fail, Verdict.Fail), (metric.Verdict, metric.Comparison!.Verdict));
        Assert.True(metric.Comparison.Interval.High < -0.005);
    }

    [Fact]
    public async Task The_challenger_is_inconclusive_and_the_report_says_how_much_more_it_takes()
    {
        var ended = await BatonCommand.RunAsync("verify", _contract, "--claims", "samples/flights/challenger/claims.json", "--production", Champion);

        Assert.Equal(3, ended.ExitCode);
        Assert.Contains("INCONCLUSIVE", ended.Out, StringComparison.Ordinal);
        Assert.Contains("more days", ended.Out.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("28 rows differ, the first 5", ended.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_whole_contract_measures_the_latency_too()
    {
        var ended = await BatonCommand.RunAsync("verify", "samples/flights/contract.yaml", "--claims", Champion, "--json");

        Assert.Contains(ended.ExitCode, new[] { 0, 3 });
        var latency = Documents.Read<Evidence>(ended.Out).Clauses.Single(c => c.Name == "latency");
        Assert.Equal("ms", latency.Unit);
        Assert.True(latency.Measured!.Number > 0);
    }

    [Fact]
    public async Task Another_models_contract_is_refused()
    {
        File.WriteAllText(_contract, File.ReadAllText(_contract).Replace("model: flight-delay", "model: weather", StringComparison.Ordinal));

        var ended = await BatonCommand.RunAsync("verify", _contract, "--claims", Champion);

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("is a contract of weather", ended.Error, StringComparison.Ordinal);
    }
}
