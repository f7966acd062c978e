using Baton.Contracts;
using Baton.Storage.Tables;
using Baton.Verification.Clauses;
using Baton.Verification.Reference;
using Xunit;

namespace Baton.UnitTests.Verification.Clauses;

public sealed class ClaimsCheckTests
{
    private static readonly Contract Contract = new() { Model = "m" };
    private static readonly ReferenceRows Rows = ReferenceRows.Of(
        new Table([
            new Column("id", Enumerable.Range(0, 8).Select(i => $"r{i}").ToArray()), new Column("label", new long[] { 0, 0, 1, 1, 0, 1, 0, 1 }),
            new Column("score", new[] { 0.1, 0.4, 0.35, 0.8, 0.2, 0.9, 0.6, 0.7 }), new Column("weight", new double[] { 1, 1, 1, 1, 1, 1, 5, 1 }),
        ]), new ReferenceColumns { Id = "id", Label = "label", Score = "score" });

    [Theory]
    [InlineData(0.875, 0.875, true)]
    [InlineData(0.875, 0.8750001, true)]
    [InlineData(0.875, 0.8756, false)] // three digits were written
    [InlineData(0.88, 0.875001, true)] // two digits
    [InlineData(0.9, 0.875, false)] // one digit would cover almost anything
    [InlineData(1, 0.6, false)]
    [InlineData(53.2, 53.2134, true)]
    [InlineData(53.2, 53.3, false)]
    [InlineData(1.2e-5, 1.21e-5, true)]
    [InlineData(1.2e-5, 1.4e-5, false)]
    public void A_claim_is_held_to_the_digits_it_has(double claimed, double value, bool expected) => Assert.Equal(expected, ClaimPart.Agree(claimed, value));

    [Fact]
    public void Claims_that_follow_pass_and_an_inflated_one_fails_by_name()
    {
        Assert.Equal(Verdict.Pass, Judge(("roc_auc", 0.875), ("accuracy", 0.75)).Verdict);
        var result = Judge(("roc_auc", 0.875), ("accuracy", 0.875));

        Assert.Equal((Verdict.Fail, EvidenceLevel.Replayed), (result.Verdict, result.Evidence));
        Assert.Contains("accuracy: Claimed 0.8750, but the predictions that were handed over give 0.7500", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_are_weighed()
    {
        var weighted = ReferenceRows.Of(Rows.Table, Rows.Columns with { Weight = "weight" });

        Assert.Equal(Verdict.Fail, ClaimsCheck.Judge(new Dictionary<string, double> { ["accuracy"] = 0.75 }, weighted, null, Contract).Verdict);
        Assert.Equal(Verdict.Pass, ClaimsCheck.Judge(new Dictionary<string, double> { ["accuracy"] = 0.5 }, weighted, null, Contract).Verdict);
    }

    [Fact]
    public void What_cannot_be_recomputed_is_told_and_not_judged()
    {
        var result = Judge(("roc_auc", 0.875), ("customer_happiness", 11));

        Assert.Equal(Verdict.Pass, result.Verdict);
        Assert.Contains(result.Facts, f => f.Label == "customer_happiness" && f.Text.Contains("not a metric", StringComparison.Ordinal));
        Assert.Equal(EvidenceLevel.Declared, ClaimsCheck.Judge(new Dictionary<string, double> { ["roc_auc"] = 1 }, null, null, Contract).Evidence);
        Assert.Equal(Verdict.Fail, ClaimsCheck.Judge(new Dictionary<string, double> { ["roc_auc"] = 1 }, null, "The file is another one.", Contract).Verdict);
    }

    private static ClauseResult Judge(params (string Name, double Value)[] claimed) =>
        ClaimsCheck.Judge(claimed.ToDictionary(c => c.Name, c => c.Value), Rows, null, Contract);
}
