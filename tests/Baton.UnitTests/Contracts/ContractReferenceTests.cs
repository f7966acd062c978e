using System.Text.RegularExpressions;
using Baton.Contracts;
using Xunit;

namespace Baton.UnitTests.Contracts;

/// <summary>The reference is tried out: what it shows as a contract is one.</summary>
public sealed partial class ContractReferenceTests
{
    private static readonly string Reference = Checkout.Read("docs/contract/README.md");

    private static readonly string[] ContractClauseFields =
        ["reproduces:", "metrics:", "fairness:", "data:", "robustness:", "checks:", "latency:", "memory:", "hardware:", "package:", "provenance:", "security:", "operations:"];

    public static TheoryData<int> Blocks => [.. Enumerable.Range(0, YamlBlocks().Count)];

    [Fact]
    public void The_reference_shows_every_clause() =>
        Assert.All(ContractClauseFields, clause =>
            Assert.Contains(YamlBlocks(), block => block.Contains(clause, StringComparison.Ordinal)));

    [Fact]
    public void The_reference_names_every_metric() =>
        Assert.All(MetricNames.All, metric => Assert.Contains($"`{metric.Name}`", Reference, StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Every_example_of_the_reference_is_a_contract(int block)
    {
        var yaml = YamlBlocks()[block];
        var whole = yaml.Contains("model:", StringComparison.Ordinal) ? yaml : "model: m\n" + yaml;

        Assert.Empty(ContractParser.Parse(whole).Problems);
    }

    private static List<string> YamlBlocks() => [.. Fence().Matches(Reference + Checkout.Read("docs/contract/checks.md")).Select(m => m.Groups[1].Value)];

    [GeneratedRegex("^```yaml\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();
}
