using Baton.Contracts;
using Xunit;

namespace Baton.UnitTests.Contracts;

/// <summary>What the same measurement would say under another bound.</summary>
public sealed class ForesightTests
{
    private const string Document =
        """
        model: m
        clauses:
          reproduces: {within: 0.0001, rows: {min: 99.5 %}}
          metrics:
            roc_auc: {min: 0.60, against_production: {min: -0.005}}
            accuracy: {min: 0.60}
            f1: {min: 0.5, against_baseline: {min: 0.1}}
          latency: {p95: {max: 25 ms}}
          memory: {peak: {max: 256 MiB}}
        """;

    [Theory]
    // The whole interval 0.59 to 0.63 decides.
    [InlineData("metrics.accuracy", "min: 0.58", Verdict.Pass)]
    [InlineData("metrics.accuracy", "min: 0.59", Verdict.Pass)]
    [InlineData("metrics.accuracy", "min: 0.61", Verdict.Inconclusive)]
    [InlineData("metrics.accuracy", "min: 0.64", Verdict.Fail)]
    [InlineData("metrics.accuracy", "{min: 0.58, max: 0.6}", Verdict.Inconclusive)]
    // Another confidence, grouping, baseline or claim asks for another measurement.
    [InlineData("metrics.accuracy", "{min: 0.58, confidence: 99 %}", null)]
    [InlineData("metrics.accuracy", "{min: 0.58, group_by: date}", null)]
    [InlineData("metrics.accuracy", "{min: 0.58, evidence: measured}", null)]
    [InlineData("metrics.f1", "{min: 0.4, against_baseline: {min: 0.1}}", null)]
    // The comparison, -0.02 to 0.01, counts with the bound; the worse of the two is the verdict.
    [InlineData("metrics.roc_auc", "{min: 0.58, against_production: {min: -0.03}}", Verdict.Pass)]
    [InlineData("metrics.roc_auc", "{min: 0.58, against_production: {min: -0.01}}", Verdict.Inconclusive)]
    [InlineData("metrics.roc_auc", "{min: 0.64, against_production: {min: -0.01}}", Verdict.Fail)]
    [InlineData("metrics.roc_auc", "{min: 0.61, against_production: {min: 0.02}}", Verdict.Fail)]
    [InlineData("metrics.roc_auc", "min: 0.58", Verdict.Pass)]
    [InlineData("latency", "p95: {max: 12 ms}", Verdict.Pass)]
    [InlineData("latency", "p95: {max: 10 ms}", Verdict.Inconclusive)]
    [InlineData("latency", "p95: {max: 8 ms}", Verdict.Fail)]
    [InlineData("latency", "p99: {max: 30 ms}", null)]
    [InlineData("latency", "{p95: {max: 30 ms}, load: 40 requests/s}", null)]
    [InlineData("memory", "peak: {max: 64 MiB}", Verdict.Pass)]
    [InlineData("memory", "peak: {max: 63 MiB}", Verdict.Fail)]
    [InlineData("reproduces", "{within: 0.0001, rows: {min: 99.9 %}}", Verdict.Fail)]
    [InlineData("reproduces", "{within: 0.0001, rows: {min: 99 %}}", Verdict.Pass)]
    [InlineData("reproduces", "{within: 0.001, rows: {min: 99 %}}", null)]
    public void A_measurement_decides_what_it_can(string clause, string change, Verdict? expected)
    {
        var after = ClauseText.Replace(Document, clause, change);
        Assert.Empty(after.Problems);
        Assert.Equal(expected, Foresight.Of(ContractParser.ParseOrThrow(Document), after.Contract!, Found(clause)));
    }

    [Fact]
    public void What_was_not_run_foretells_nothing()
    {
        var after = ClauseText.Replace(Document, "memory", "peak: {max: 64 MiB}").Contract!;
        Assert.Null(Foresight.Of(ContractParser.ParseOrThrow(Document), after, Found("memory") with { Verdict = Verdict.NotRun }));
        Assert.Null(Foresight.Of(ContractParser.ParseOrThrow(Document), after, Found("package.size")));
    }

    [Theory]
    [InlineData("1.2.3", ChangeKind.Breaking, "2.0.0")]
    [InlineData("1.2.3", ChangeKind.Compatible, "1.3.0")]
    [InlineData("1.2.3", ChangeKind.Editorial, "1.2.4")]
    public void A_number_goes_on_by_what_changed(string before, ChangeKind kind, string after) => Assert.Equal(after, ContractVersion.Parse(before).After(kind).ToString());

    [Theory]
    [InlineData("1.2")]
    [InlineData("1.2.x")]
    [InlineData("1.2.-3")]
    [InlineData("v1.2.3")]
    public void What_is_no_number_is_not_read(string text) => Assert.Throws<FormatException>(() => ContractVersion.Parse(text));

    private static ClauseResult Found(string clause)
    {
        var found = new ClauseResult { Name = clause, Verdict = Verdict.Inconclusive, Evidence = EvidenceLevel.ReExecuted, Demanded = "", Reason = "" };
        return clause switch
        {
            "latency" => found with { Unit = "ms", Measured = 10.1, Interval = new Interval(9, 12, 0.95) },
            "memory" => found with { Unit = "MiB", Measured = 64 },
            "reproduces" => found with { Unit = "share of rows", Measured = 0.995 },
            "metrics.roc_auc" => found with { Measured = 0.61, Interval = new Interval(0.59, 0.63, 0.95), Comparison = Compared },
            _ => found with { Measured = 0.61, Interval = new Interval(0.59, 0.63, 0.95) },
        };
    }

    private static Comparison Compared => new()
    {
        Version = "1",
        Production = 0.62,
        Difference = -0.005,
        Interval = new Interval(-0.02, 0.01, 0.95),
        Bound = new Bound(-0.005),
        Verdict = Verdict.Inconclusive,
        Rows = 100,
    };
}
