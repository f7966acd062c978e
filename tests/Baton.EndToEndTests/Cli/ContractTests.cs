using System.Text.RegularExpressions;
using Baton.Contracts;
using Baton.Testing;
using Xunit;

namespace Baton.EndToEndTests.Cli;

public sealed class ContractTests : IDisposable
{
    private const string Sample = "samples/flights/contract.yaml";

    private readonly TempDirectory _folder = new();

    private static string SampleText => File.ReadAllText(Path.Combine(Repository.Root, Sample));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Lint_takes_a_good_contract_and_tells_its_digest()
    {
        var ended = await BatonCommand.RunAsync("contract", "lint", Sample);

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        Assert.Contains(ContractCanon.Digest(ContractParser.ParseOrThrow(SampleText)), ended.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lint_tells_line_and_column_of_a_typo_and_the_likely_word()
    {
        var file = Write(SampleText.Replace("latency:", "latncy:", StringComparison.Ordinal));
        var line = Array.FindIndex(File.ReadAllLines(file), l => l.Contains("latncy", StringComparison.Ordinal)) + 1;

        var ended = await BatonCommand.RunAsync("contract", "lint", file);
        var json = await BatonCommand.RunAsync("contract", "lint", file, "--json");

        Assert.Equal((2, ""), (ended.ExitCode, ended.Out));
        Assert.StartsWith($"{file}:{line}:3: ", ended.Error, StringComparison.Ordinal);
        Assert.Contains("latency", ended.Error, StringComparison.Ordinal);
        Assert.Equal((2, ""), (json.ExitCode, json.Error));
        Assert.False(json.Json.GetProperty("valid").GetBoolean());
        var problem = Assert.Single(json.Json.GetProperty("problems").EnumerateArray());
        Assert.Equal((line, 3, "latency"), (problem.GetProperty("line").GetInt32(), problem.GetProperty("column").GetInt32(), problem.GetProperty("suggestion").GetString()));
    }

    [Fact]
    public async Task Show_tells_every_demand_in_words()
    {
        var ended = await BatonCommand.RunAsync("contract", "show", Sample);
        var contract = ContractParser.ParseOrThrow(SampleText);

        Assert.Equal(0, ended.ExitCode);
        Assert.All(
            [Demands.Of(contract.Reproduces!), Demands.Of(contract.Metrics[0]), Demands.Of(contract.Latency!), Demands.Of(contract.Memory!)],
            demand => Assert.Contains(demand, ended.Out, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Diff_tells_what_a_change_means()
    {
        var looser = Write(Regex.Replace(SampleText, @"max: \d+ ms", "max: 500 ms"));

        var ended = await BatonCommand.RunAsync("contract", "diff", Sample, looser, "--json");
        var same = await BatonCommand.RunAsync("contract", "diff", Sample, Sample);

        var change = Assert.Single(ended.Json.GetProperty("changes").EnumerateArray());
        Assert.Equal(("breaking", "clauses.latency.max"), (change.GetProperty("kind").GetString(), change.GetProperty("path").GetString()));
        Assert.Equal((0, "The contracts demand the same.\n"), (same.ExitCode, same.Out));
    }

    [Fact]
    public async Task Init_writes_a_contract_that_lints_and_claims_with_the_facts_of_the_package()
    {
        var model = _folder.File("model.onnx");
        File.Copy(Path.Combine(Repository.Root, "samples/flights/champion/model.onnx"), model);
        var predictions = _folder.File("test.parquet");
        File.Copy(Path.Combine(Repository.Root, "samples/flights/champion/test-predictions.parquet"), predictions);

        var ended = await BatonCommand.RunAsync(
            "contract", "init", model, "--model", "delays", "--predictions", predictions, "--group-by", "date", "--claim", "roc_auc=0.6534");

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        var contract = ContractParser.ParseOrThrow(File.ReadAllText(_folder.File("contract.yaml")));
        Assert.Equal(("delays", "date"), (contract.Model, Assert.Single(contract.Metrics).GroupBy));
        var claims = Documents.Read<Claims>(File.ReadAllText(_folder.File("claims.json")));
        Assert.Equal(["model.onnx"], claims.Package.Files.Select(f => f.Path));
        Assert.Equal((3617, "skl2onnx", 12_000), (claims.Parameters.Total, claims.Framework.Name, claims.ReferencePredictions!.Rows));
        Assert.Equal(["hour", "weekday", "distance", "origin", "destination"], claims.Interface.Inputs.Select(i => i.Name));
        Assert.Equal(0.6534, claims.Metrics["roc_auc"]);

        var again = await BatonCommand.RunAsync("contract", "init", model, "--model", "delays");
        Assert.Equal(2, again.ExitCode);
        Assert.Contains("is there already; --force replaces it", again.Error, StringComparison.Ordinal);
    }

    private string Write(string text)
    {
        var file = _folder.File("changed.yaml");
        File.WriteAllText(file, text);
        return file;
    }
}
