using Baton.Contracts;
using Baton.Statistics;
using Baton.Verification.Clauses;
using Baton.Verification.Reference;
using Xunit;

namespace Baton.UnitTests.Verification.Clauses;

/// <summary>Verdicts on a made-up classifier: 4,000 rows on 40 days, scores that know the label a little, more or less so by <c>skill</c>.</summary>
public sealed class MetricCheckTests
{
    private const int Rows = 4000;
    private const int Days = 40;
    private static readonly MetricClause Auc = new() { Metric = "roc_auc", Min = 0.60, GroupBy = "date" };
    private static readonly MetricClause AgainstProduction = Auc with { AgainstProduction = new Bound(Min: -0.005) };

    [Fact]
    public void A_metric_well_above_its_floor_passes()
    {
        var side = Side(skill: 1);
        var result = Judge(Auc, side, claimed: Value(side));

        Assert.Equal(Verdict.Pass, result.Verdict);
        Assert.Equal("metrics.roc_auc", result.Name);
        Assert.Equal(Value(side), result.Measured!.Number);
        Assert.True(result.Interval!.Low > 0.60 && result.Interval.Low < Value(side) && Value(side) < result.Interval.High);
        Assert.Null(result.MoreNeeded);
        Assert.Contains(new Fact("groups (date)", "40"), result.Facts);
        Assert.Equal(Days, result.Series.Single(s => s.Name == "this version").X.Count);
    }

    [Fact]
    public void A_metric_well_below_its_floor_fails() => Assert.Equal(Verdict.Fail, Judge(Auc, Side(skill: 0.05)).Verdict);

    [Fact]
    public void A_metric_whose_interval_straddles_its_floor_is_inconclusive_and_says_how_many_more()
    {
        var side = Side(skill: 1);
        var result = Judge(Auc with { Min = Value(side) - 0.004 }, side);

        Assert.Equal(Verdict.Inconclusive, result.Verdict);
        Assert.Equal("date", result.MoreNeeded!.Unit);
        Assert.InRange(result.MoreNeeded.Count, 1, 10_000);
        Assert.Contains("more days", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ceiling_is_decided_on_the_interval_too()
    {
        var side = Side(skill: 1);
        var clause = new MetricClause { Metric = "brier_score", Max = 0.3 };

        Assert.Equal(Verdict.Pass, Judge(clause, side).Verdict);
        Assert.Equal(Verdict.Fail, Judge(clause with { Max = 0.01 }, side).Verdict);
    }

    [Fact]
    public void A_metric_claimed_better_than_it_is_fails_and_both_numbers_are_said()
    {
        var side = Side(skill: 1);
        var result = Judge(Auc, side, claimed: Value(side) + 0.05);

        Assert.Equal(Verdict.Fail, result.Verdict);
        Assert.StartsWith($"Claimed {Value(side) + 0.05:0.0000}, but the predictions that were handed over give {Value(side):0.0000}.", result.Reason, StringComparison.Ordinal);
        Assert.Equal(Value(side) + 0.05, result.Claimed!.Number);
    }

    [Theory]
    [InlineData(2e-6, Verdict.Fail)]
    [InlineData(5e-7, Verdict.Pass)]
    public void A_claim_agrees_to_a_millionth(double off, Verdict expected)
    {
        var side = Side(skill: 1);

        Assert.Equal(expected, Judge(Auc, side, claimed: Value(side) + off).Verdict);
    }

    [Theory]
    [InlineData(4, Verdict.Pass)]
    [InlineData(3, Verdict.Pass)]
    [InlineData(1, Verdict.Fail)] // one decimal would cover almost anything
    public void A_rounded_claim_is_held_to_its_rounding_and_to_three_decimals(int decimals, Verdict expected)
    {
        var side = Side(skill: 1);

        Assert.Equal(expected, Judge(Auc, side, claimed: Math.Round(Value(side), decimals)).Verdict);
    }

    [Fact]
    public void A_claim_is_replayed_from_what_was_handed_over_and_the_metric_from_what_was_run()
    {
        var handedOver = Side(skill: 1);
        var run = Side(skill: 0.05);
        var result = MetricCheck.Judge(Auc, Value(handedOver), handedOver.Answers, run, null, 1);

        Assert.Equal((Verdict.Fail, Value(run)), (result.Verdict, result.Measured!.Number));
        Assert.DoesNotContain("Claimed", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_in_production_makes_the_comparison_vacuous()
    {
        var result = Judge(AgainstProduction, Side(skill: 1));

        Assert.Equal((Verdict.Pass, null), (result.Verdict, result.Comparison));
        Assert.Contains(result.Facts, f => f.Text.Contains("nothing in production yet", StringComparison.Ordinal));
    }

    [Fact]
    public void A_version_worse_than_production_fails()
    {
        var result = Judge(AgainstProduction, Side(skill: 0.7), production: Side(skill: 1));

        Assert.Equal((Verdict.Fail, Verdict.Fail), (result.Verdict, result.Comparison!.Verdict));
        Assert.Equal(Value(Side(skill: 1)), result.Comparison.Production);
        Assert.Equal(Value(Side(skill: 0.7)) - Value(Side(skill: 1)), result.Comparison.Difference, 12);
        Assert.Equal((long)Rows, result.Comparison.Rows);
        Assert.Equal(["this version", "production"], result.Series.Select(s => s.Name).Take(2));
    }

    [Fact]
    public void A_version_better_than_production_passes() =>
        Assert.Equal(Verdict.Pass, Judge(AgainstProduction, Side(skill: 1), production: Side(skill: 0.7)).Verdict);

    [Fact]
    public void A_difference_too_small_to_tell_is_inconclusive()
    {
        var result = Judge(AgainstProduction, Side(skill: 1, noise: 1), production: Side(skill: 1, noise: 2));

        Assert.Equal((Verdict.Inconclusive, Verdict.Inconclusive), (result.Verdict, result.Comparison!.Verdict));
    }

    [Fact]
    public void Rows_are_paired_by_id_and_not_by_place()
    {
        var side = Side(skill: 1);
        var shuffled = side.At([.. Enumerable.Range(0, Rows).Reverse()]);

        Assert.Equal(0, Judge(AgainstProduction, side, production: shuffled).Comparison!.Difference);
    }

    [Fact]
    public void Rows_that_only_one_side_has_are_left_out_and_counted()
    {
        var side = Side(skill: 1);
        var result = Judge(AgainstProduction, side, production: side.At([.. Enumerable.Range(1000, 3000)]));

        Assert.Equal(3000, result.Comparison!.Rows);
        Assert.Contains(new Fact("rows in common", "3,000 of 4,000 here and 3,000 in production"), result.Facts);
    }

    [Fact]
    public void Without_a_row_in_common_the_comparison_is_not_run()
    {
        var other = Side(skill: 1);
        var result = Judge(AgainstProduction, Side(skill: 1), production: other with { Ids = [.. other.Ids.Select(i => "x" + i)] });

        Assert.Equal(Verdict.NotRun, result.Verdict);
        Assert.Contains("no row id", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Ground_truth_that_differs_between_versions_is_not_compared()
    {
        var other = Side(skill: 1);
        other.Labels[5] = 1 - other.Labels[5];

        Assert.Equal(Verdict.NotRun, Judge(AgainstProduction, Side(skill: 1), production: other).Verdict);
    }

    [Fact]
    public void Production_that_cannot_be_run_is_not_compared_but_a_fail_stays_a_fail()
    {
        var broken = new ProductionSide("1", null, "The model does not load from the package: it is cut short.");

        Assert.Equal(Verdict.NotRun, MetricCheck.Judge(AgainstProduction, null, Side(1).Answers, Side(1), broken, 1).Verdict);
        Assert.Equal(Verdict.Fail, MetricCheck.Judge(AgainstProduction, null, Side(0).Answers, Side(0.05), broken, 1).Verdict);
    }

    [Fact]
    public void Production_without_claims_is_not_compared_but_a_fail_stays_a_fail()
    {
        var unknown = ProductionSide.WithoutClaims("m", "1");
        var result = MetricCheck.Judge(AgainstProduction, null, Side(1).Answers, Side(1), unknown, 1);

        Assert.Equal(Verdict.NotRun, result.Verdict);
        Assert.Contains(
            "version 1 is in production without claims, so there is nothing to compare with: hand it over first (baton handoff submit models:/m/1)",
            result.Reason, StringComparison.Ordinal);
        Assert.Equal(Verdict.Fail, MetricCheck.Judge(AgainstProduction, null, Side(0).Answers, Side(0.05), unknown, 1).Verdict);
        Assert.Equal(Verdict.Pass, MetricCheck.Judge(Auc, null, Side(1).Answers, Side(1), unknown, 1).Verdict);
    }

    [Fact]
    public void A_claim_that_cannot_be_replayed_is_inconclusive_and_a_fail_stays_a_fail()
    {
        var names = new Answers(null, new PredictedValues([.. Enumerable.Repeat("late", Rows)]));
        var result = MetricCheck.Judge(Auc, 0.99, names, Side(1), null, 1);

        Assert.Equal((Verdict.Inconclusive, null), (result.Verdict, result.MoreNeeded));
        Assert.Contains("the reference predictions hold no scores to replay the claim from; hand over the scores", result.Reason, StringComparison.Ordinal);
        Assert.Equal(Verdict.Inconclusive, MetricCheck.Judge(Auc, 0.99, new Answers(null, new PredictedValues(new double[Rows])), Side(1), null, 1).Verdict);
        Assert.Equal(Verdict.Inconclusive, MetricCheck.Judge(Auc, 0.99, new Answers([.. Enumerable.Repeat(double.NaN, Rows)], null), Side(1), null, 1).Verdict);
        Assert.Equal(Verdict.Fail, MetricCheck.Judge(Auc, 0.99, names, Side(0.05), null, 1).Verdict);
        Assert.Equal(Verdict.Pass, MetricCheck.Judge(Auc, null, names, Side(1), null, 1).Verdict);
    }

    [Fact]
    public void An_unknown_label_fails_and_one_class_alone_is_not_run()
    {
        var unknown = Side(skill: 1);
        unknown.Labels[17] = 2;
        Assert.Equal(Verdict.Fail, Judge(Auc, unknown).Verdict);

        var ones = Side(skill: 1) with { Labels = [.. Enumerable.Repeat(1d, Rows)] };
        Assert.Equal(Verdict.NotRun, Judge(Auc, ones).Verdict);
    }

    [Fact]
    public void Scores_that_are_no_numbers_fail_and_name_their_rows()
    {
        var side = Side(skill: 1);
        side.Answers.Scores![42] = double.NaN;
        var result = Judge(Auc, side);

        Assert.Equal(Verdict.Fail, result.Verdict);
        Assert.Contains("r0042", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_few_groups_for_an_interval_are_inconclusive()
    {
        var side = Side(skill: 1) with { Groups = [.. Enumerable.Range(0, Rows).Select(i => $"{i % 3}")] };

        Assert.Equal(Verdict.Inconclusive, Judge(Auc, side).Verdict);
    }

    [Theory]
    [InlineData(5, Verdict.Inconclusive)]
    [InlineData(20, Verdict.Inconclusive)]
    [InlineData(400, Verdict.Pass)]
    public void A_faultless_score_on_few_rows_proves_little(int rows, Verdict verdict)
    {
        double[] labels = [.. Enumerable.Range(0, rows).Select(i => i % 2.0)];
        var side = new MetricSide([.. Enumerable.Range(0, rows).Select(i => $"r{i}")], labels, null, new Answers(labels, null));
        var result = Judge(new MetricClause { Metric = "accuracy", Min = 0.9 }, side);

        Assert.Equal((verdict, 1.0), (result.Verdict, result.Measured!.Number!.Value));
        Assert.Equal(verdict == Verdict.Inconclusive, result.MoreNeeded is { Count: > 0 });
    }

    [Fact]
    public void The_same_seed_gives_the_same_evidence() =>
        Assert.Equal(
            Documents.Write(Judge(AgainstProduction, Side(skill: 1), production: Side(skill: 0.9))),
            Documents.Write(Judge(AgainstProduction, Side(skill: 1), production: Side(skill: 0.9))));

    private static ClauseResult Judge(MetricClause clause, MetricSide side, double? claimed = null, MetricSide? production = null) =>
        MetricCheck.Judge(clause, claimed, side.Answers, side, production is null ? null : new ProductionSide("1", production, null), seed: 7);

    private static double Value(MetricSide side) => Metrics.Find("roc_auc")!.Compute(side.Observations()).Value!.Value;

    private static MetricSide Side(double skill, int noise = 0)
    {
        var random = new Random(1);
        var jitter = new Random(100 + noise);
        var labels = new double[Rows];
        var scores = new double[Rows];
        for (var i = 0; i < Rows; i++)
        {
            labels[i] = random.NextDouble() < 0.3 ? 1 : 0;
            var own = noise == 0 ? 0 : 0.6 * (jitter.NextDouble() - 0.5);
            scores[i] = Math.Clamp(0.5 + (skill * 0.15 * (labels[i] - 0.5)) + (0.5 * (random.NextDouble() - 0.5)) + own, 0, 1);
        }

        return new MetricSide([.. Enumerable.Range(0, Rows).Select(i => $"r{i:0000}")], labels, [.. Enumerable.Range(0, Rows).Select(i => $"day {i % Days:00}")], new Answers(scores, null));
    }
}
