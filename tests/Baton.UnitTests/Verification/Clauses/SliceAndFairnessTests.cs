using Baton.Contracts;
using Baton.Storage.Tables;
using Baton.Verification.Clauses;
using Baton.Verification.Reference;
using Xunit;

namespace Baton.UnitTests.Verification.Clauses;

/// <summary>A made-up classifier that is right for nine rows of ten in the north and for <c>south</c> of ten in the south.</summary>
public sealed class SliceAndFairnessTests
{
    private static readonly MetricClause Accuracy = new() { Metric = "accuracy" };

    [Fact]
    public void Slices_that_keep_the_bound_pass_and_the_worst_is_named()
    {
        var result = Judge(new SliceClause { Column = "region", Min = 0.6 }, south: 8);

        Assert.Equal((Verdict.Pass, "metrics.accuracy.slices.region"), (result.Verdict, result.Name));
        Assert.Equal(0.8, result.Measured!.Number!.Value, 9);
        Assert.Contains("The worst slice of region is south", result.Reason, StringComparison.Ordinal);
        Assert.Equal(["south", "north"], result.Series.Single().X);
    }

    [Fact]
    public void A_slice_that_breaks_the_bound_fails_though_the_mean_keeps_it() => Assert.Equal(Verdict.Fail, Judge(new SliceClause { Column = "region", Min = 0.6 }, south: 4).Verdict);

    [Fact]
    public void A_slice_that_straddles_the_bound_is_inconclusive_and_says_how_many_more_rows()
    {
        var result = Judge(new SliceClause { Column = "region", Min = 0.78 }, south: 8);

        Assert.Equal((Verdict.Inconclusive, "rows"), (result.Verdict, result.MoreNeeded!.Unit));
        Assert.True(result.MoreNeeded.Count > 100);
    }

    [Fact]
    public void A_gap_to_all_rows_is_a_bound_too()
    {
        Assert.Equal(Verdict.Pass, Judge(new SliceClause { Column = "region", MaxGap = 0.2 }, south: 8).Verdict);
        Assert.Equal(Verdict.Fail, Judge(new SliceClause { Column = "region", MaxGap = 0.05 }, south: 4).Verdict);
    }

    [Fact]
    public void A_small_slice_is_shown_and_not_judged()
    {
        var names = Regions();
        names[0] = names[2] = "west";
        var result = SliceCheck.Judge(Accuracy, new SliceClause { Column = "region", Min = 0.6 }, Side(8), names, 1);

        Assert.Equal(Verdict.Pass, result.Verdict);
        Assert.Contains(new Fact("west", "2 rows, too few to judge"), result.Facts);
        Assert.Equal(Verdict.Inconclusive, SliceCheck.Judge(Accuracy, new SliceClause { Column = "region", Min = 0.6, MinRows = 5000 }, Side(8), names, 1).Verdict);
    }

    [Fact]
    public void Many_numbers_are_cut_at_their_quartiles_and_few_are_not()
    {
        var rows = ReferenceRows.Of(
            new Table([
                new Column("id", Enumerable.Range(0, 100).Select(i => $"{i}").ToArray()), new Column("age", Enumerable.Range(0, 100).ToArray()),
                new Column("class", Enumerable.Range(0, 100).Select(i => i % 3).ToArray()),
            ]), new ReferenceColumns { Id = "id", Label = "class" });

        Assert.Equal(["below 25", "25 to 50", "50 to 75", "75 and above"], SliceNames.Of(rows, "age").Distinct());
        Assert.Equal(["0", "1", "2"], SliceNames.Of(rows, "class").Distinct());
        Assert.Throws<ReferenceException>(() => SliceNames.Of(rows, "region"));
    }

    [Theory]
    [InlineData(0.3, Verdict.Pass)]
    [InlineData(0.05, Verdict.Fail)]
    [InlineData(0.2, Verdict.Inconclusive)]
    public void Rates_of_two_groups_may_differ_so_far(double max, Verdict expected)
    {
        // 50 % of the south are called positive, 70 % of the north.
        var regions = Regions();
        double[] predictions = [.. Enumerable.Range(0, 2000).Select(i => regions[i] == "north" ? (i / 2 % 10 < 7 ? 1d : 0) : i / 2 % 2)];
        double[] labels = [.. predictions.Select((p, i) => i % 5 == 0 ? 1 - p : p)];
        var side = new MetricSide([.. Enumerable.Range(0, 2000).Select(i => $"r{i}")], labels, null, new Answers(null, new PredictedValues(predictions)));
        var clause = new FairnessClause { Column = "region", Bounds = new Dictionary<string, double> { ["demographic_parity_difference"] = max } };
        var result = FairnessCheck.Judge(clause, "demographic_parity_difference", "", side, regions, 1);

        Assert.Equal((expected, "fairness.region.demographic_parity_difference"), (result.Verdict, result.Name));
        Assert.Equal(0.2, result.Measured!.Number!.Value, 9);
        Assert.Contains(new Fact("predicted positive: north", "70 %"), result.Facts);
        Assert.Equal(Verdict.Inconclusive, FairnessCheck.Judge(clause with { MinRows = 1500 }, "demographic_parity_difference", "", side, regions, 1).Verdict);
    }

    [Theory]
    [InlineData("majority", 0.1, Verdict.Pass)]
    [InlineData("majority", 0.48, Verdict.Fail)]
    [InlineData("prior", 0.35, Verdict.Inconclusive)]
    public void A_model_is_held_against_a_predictor_that_needs_none(string predictor, double min, Verdict expected)
    {
        var side = Side(8); // right in 85 %, where always saying 1 is right in 50 %
        var clause = Accuracy with { AgainstBaseline = new BaselineBound { Predictor = predictor, Min = min } };
        var result = MetricCheck.Judge(clause, null, side.Answers, side, null, 1);

        Assert.Equal(expected, result.Verdict);
        Assert.Contains(result.Facts, f => f.Label == "trivial predictor" && f.Text.EndsWith("0.5000", StringComparison.Ordinal));
    }

    [Fact]
    public void The_last_value_is_the_one_before_in_order_of_time()
    {
        var clause = new MetricClause { Metric = "mean_absolute_error", AgainstBaseline = new BaselineBound { Predictor = "last", Max = 0 } };
        double[] labels = [.. Enumerable.Range(0, 200).Select(i => (double)(199 - i))]; // falls by one from row to row
        var side = new MetricSide([.. labels.Select(l => $"{l}")], labels, null, new Answers(null, new PredictedValues([.. labels.Select((l, i) => l + (i % 2 == 0 ? 0.5 : -0.5))])))
        {
            Order = [.. Enumerable.Range(0, 200).Reverse()],
        };
        var result = MetricCheck.Judge(clause, null, side.Answers, side, null, 1);

        Assert.Equal(Verdict.Pass, result.Verdict);
        Assert.Contains(result.Facts, f => f.Text.Contains("last", StringComparison.Ordinal) && f.Text.EndsWith("0.9950", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0.86, -0.05, Verdict.Pass)]
    [InlineData(0.95, -0.02, Verdict.Fail)]
    [InlineData(0.86, -0.01, Verdict.Inconclusive)]
    public void A_model_is_held_to_its_claim(double claimed, double min, Verdict expected)
    {
        var side = Side(8);
        var clause = Accuracy with { AgainstClaimed = new Bound(Min: min) };
        // The stored answers are others, of which the claim is true: what is held against it is the model.
        var stored = new Answers(null, new PredictedValues([.. side.Labels.Select((l, i) => i % 100 < claimed * 100 ? l : 1 - l)]));

        Assert.Equal(expected, MetricCheck.Judge(clause, claimed, stored, side, null, 1).Verdict);
        Assert.Equal(Verdict.NotRun, MetricCheck.Judge(clause, null, stored, side, null, 1).Verdict);
    }

    [Fact]
    public void Costs_are_told_where_the_contract_names_them()
    {
        var side = Side(8) with { Costs = new ErrorCosts { FalsePositive = 10, FalseNegative = 10, Currency = "EUR" } };

        Assert.Contains(new Fact("expected cost of a row", "1.5000 EUR"), MetricCheck.Judge(Accuracy with { Min = 0.5 }, null, side.Answers, side, null, 1).Facts);
    }

    private static ClauseResult Judge(SliceClause clause, int south) => SliceCheck.Judge(Accuracy, clause, Side(south), Regions(), 1);

    private static string[] Regions() => [.. Enumerable.Range(0, 2000).Select(i => i % 2 == 0 ? "north" : "south")];

    private static MetricSide Side(int south)
    {
        double[] labels = [.. Enumerable.Range(0, 2000).Select(i => (double)(i / 20 % 2))];
        var right = Enumerable.Range(0, 2000).Select(i => i / 2 % 10 < (i % 2 == 0 ? 9 : south));
        return new MetricSide(
            [.. Enumerable.Range(0, 2000).Select(i => $"r{i}")], labels, null, new Answers(null, new PredictedValues([.. labels.Zip(right, (l, r) => r ? l : 1 - l)])));
    }
}
