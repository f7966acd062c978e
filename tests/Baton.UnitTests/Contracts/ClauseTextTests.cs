using Baton.Contracts;
using Xunit;

namespace Baton.UnitTests.Contracts;

/// <summary>One clause taken out of a contract, and another put in its place.</summary>
public sealed class ClauseTextTests
{
    private const string Document =
        """
        model: m
        purpose: to test
        clauses:
          reproduces: {within: 0.0001}
          metrics:
            roc_auc: {min: 0.60, slices: {origin: {min: 0.5}}}
            precision_at_recall_0.8: {min: 0.3}
          data: {key: id}
          latency: {p95: {max: 25 ms}}
          memory: {peak: {max: 256 MiB}}
          hardware:
            edge.box:
              p95: {max: 5 ms}
        """;

    private static readonly Contract Whole = ContractParser.ParseOrThrow(Document);

    [Theory]
    [InlineData("metrics.roc_auc", "metrics.roc_auc")]
    [InlineData("metrics.roc_auc.slices.origin", "metrics.roc_auc")]
    [InlineData("metrics.precision_at_recall_0.8", "metrics.precision_at_recall_0.8")]
    [InlineData("data.overlap", "data")]
    [InlineData("hardware.edge.box.p95", "hardware.edge.box")]
    [InlineData("metrics.roc", null)]
    [InlineData("metrics", null)]
    [InlineData("package.size", null)]
    [InlineData("", null)]
    public void A_name_of_evidence_leads_to_its_clause(string name, string? clause) => Assert.Equal(clause, ClauseText.Find(Whole, name));

    [Fact]
    public void Every_clause_put_back_as_it_is_written_changes_nothing()
    {
        var clauses = Demands.Of(Whole).Select(d => d.Clause).ToList();
        Assert.Equal(7, clauses.Count);
        foreach (var clause in clauses)
        {
            var put = ClauseText.Replace(Document, clause, ClauseText.Of(Whole, clause)!);
            Assert.Empty(put.Problems);
            Assert.Equal(ContractCanon.Digest(Whole), ContractCanon.Digest(put.Contract!));
        }
    }

    [Fact]
    public void A_replaced_clause_leaves_the_others_as_they_were()
    {
        var put = ClauseText.Replace(Document, "metrics.precision_at_recall_0.8", "min: 0.4\nconfidence: 99 %").Contract!;
        Assert.Equal(
            ["clauses.metrics.precision_at_recall_0.8.confidence", "clauses.metrics.precision_at_recall_0.8.min"],
            ContractDiff.Between(Whole, put).Select(c => c.Path).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("p95: {maks: 1 ms}", 1, "max")]
    [InlineData("p95: {max: 1 ms}\nload: many", 2, "load")]
    [InlineData("p95: &a {max: 1 ms}", 1, "anchor")]
    [InlineData("12", 1, "mapping")]
    [InlineData("{", 2, "not valid YAML")]
    public void What_is_wrong_is_told_where_it_stands_in_the_offered_text(string change, int line, string word)
    {
        var put = ClauseText.Replace(Document, "latency", change);
        Assert.Null(put.Contract);
        Assert.Equal(line, put.Problems[0].Line);
        Assert.Contains(word, put.Problems[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_clause_there_is_not_has_no_text() => Assert.Null(ClauseText.Of(Whole, "package"));
}
