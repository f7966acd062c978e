using Baton.Statistics;
using CsCheck;
using Xunit;

namespace Baton.UnitTests.Statistics;

public sealed class SliceTests
{
    private static readonly Metric Accuracy = Metrics.Find("accuracy")!;

    [Fact]
    public void Slices_are_told_the_worst_first_with_their_gap_and_the_small_ones_are_not_decided()
    {
        var (rows, slices) = Rows(("good", 1_000, 0.95), ("bad", 1_000, 0.50), ("near", 200, 0.80), ("few", 10, 0.90));

        var found = Slices.Measure(Accuracy, rows, slices, ResamplingUnits.ByRow(rows.Count), new SliceOptions { Min = 0.8 });

        Assert.Equal(["bad", "near", "few", "good"], found.Select(s => s.Name));
        Assert.Equal([BoundOutcome.Fail, BoundOutcome.Inconclusive, BoundOutcome.Inconclusive, BoundOutcome.Pass], found.Select(s => s.Outcome));
        Assert.Equal("there are 10 rows, and 30 are needed", found[2].Reason);
        Assert.Equal((20L, null), (found[2].MoreUnits!.Value, found[2].Interval));
        Assert.Equal(0.5 - Accuracy.Compute(rows).Value!.Value, found[0].Gap!.Value, 1e-12);
    }

    [Fact]
    public void The_clearest_slice_pays_for_all_of_them_and_the_last_for_itself()
    {
        var (rows, slices) = Rows(("a", 500, 0.99), ("b", 500, 0.95), ("c", 500, 0.92));

        var found = Slices.Measure(Accuracy, rows, slices, ResamplingUnits.ByRow(rows.Count), new SliceOptions { Min = 0.8 });

        Assert.All(found, slice => Assert.Equal(BoundOutcome.Pass, slice.Outcome));
        Assert.Equal([0.95, 0.975, 1 - (0.05 / 3)], found.Select(s => Math.Round(s.Interval!.Confidence, 12)).Order().Select((c, i) => i == 2 ? 1 - (0.05 / 3) : c));
        var unbounded = Slices.Measure(Accuracy, rows, slices, ResamplingUnits.ByRow(rows.Count), new SliceOptions());
        Assert.All(unbounded, slice => Assert.Equal(1 - (0.05 / 3), slice.Interval!.Confidence, 1e-12));
    }

    [Fact]
    public void Groups_stay_whole_within_a_slice()
    {
        var (rows, slices) = Rows(("a", 400, 0.9), ("b", 400, 0.9));

        var found = Slices.Measure(Accuracy, rows, slices, ResamplingUnits.ByGroup(Enumerable.Range(0, 800).Select(i => i % 20)), new SliceOptions { Min = 0.5 });

        Assert.All(found, slice => Assert.Equal(20, slice.Interval!.Units));
    }

    [Fact]
    public void Twenty_slices_that_are_at_the_bound_seldom_bring_one_wrong_decision()
    {
        // Without Holm's steps about two in three of such handoffs would have one: 1 − 0.95^20.
        var random = new Random(2);
        var wrong = Enumerable.Range(0, 40).Count(trial =>
        {
            double[] right = [.. Enumerable.Range(0, 20 * 200).Select(_ => random.NextDouble() < 0.7 ? 1.0 : 0)];
            var rows = new Observations(Enumerable.Repeat(1.0, right.Length), predictions: right);
            return Slices.Measure(Accuracy, rows, [.. Enumerable.Range(0, right.Length).Select(i => $"{i % 20}")], ResamplingUnits.ByRow(right.Length),
                new SliceOptions { Min = 0.7, Resamples = 1_000 }).Any(slice => slice.Outcome != BoundOutcome.Inconclusive);
        });

        Assert.InRange(wrong, 0, 8);
    }

    [Theory]
    [InlineData("accuracy", 0.00, BoundOutcome.Inconclusive)]
    [InlineData("accuracy", 0.05, BoundOutcome.Pass)]
    public void A_candidate_may_be_worse_by_no_more_than_the_margin(string name, double margin, BoundOutcome outcome)
    {
        // Of 1,000 rows 30 change for the better and 30 for the worse.
        var labels = Enumerable.Repeat(1.0, 1_000).ToArray();
        var production = new Observations(labels, predictions: Enumerable.Range(0, 1_000).Select(i => i % 10 == 0 || i % 100 is 1 or 2 or 3 ? 0.0 : 1));
        var candidate = new Observations(labels, predictions: Enumerable.Range(0, 1_000).Select(i => i % 10 == 0 || i % 100 is 4 or 5 or 6 ? 0.0 : 1));
        var metric = Metrics.Find(name)!;

        var found = NonInferiority.Decide(metric, Bootstrap.PairedDifference(metric, candidate, production, ResamplingUnits.ByRow(1_000)), margin);

        Assert.Equal(outcome, found.Outcome);
        Assert.Equal(margin > 0 ? 0L : null, found.MoreUnits);
    }

    [Fact]
    public void For_a_loss_worse_is_greater()
    {
        var labels = new double[100];
        var (less, more) = (new Observations(labels, predictions: labels.Select((_, i) => i % 3 + 1.0)), new Observations(labels, predictions: labels.Select((_, i) => i % 3 + 2.0)));
        var metric = Metrics.Find("mean_absolute_error")!;

        Assert.Equal(BoundOutcome.Fail, NonInferiority.Decide(metric, Bootstrap.PairedDifference(metric, more, less, ResamplingUnits.ByRow(100)), 0.5).Outcome);
        Assert.Equal(BoundOutcome.Pass, NonInferiority.Decide(metric, Bootstrap.PairedDifference(metric, less, more, ResamplingUnits.ByRow(100)), 0).Outcome);
    }

    [Fact]
    public void The_nearer_the_bound_and_the_wider_the_interval_the_more_is_needed() =>
        Gen.Select(Gen.Double[0.01, 0.2], Gen.Double[0.01, 0.2], Gen.Double[0.001, 0.009], Gen.Int[5, 10_000]).Sample((reach, wider, distance, n) =>
        {
            long Needed(double half, double off) => SampleSizing.MoreGroups(0.5, 0.5 - half, 0.5 + half, 0.5 - off, n)!.Value;
            return Needed(reach, distance) <= Needed(reach + wider, distance) && Needed(reach, distance) <= Needed(reach, distance / 2) && Needed(reach, distance) > 0;
        });

    [Fact]
    public void So_many_more_rows_do_decide_about_half_of_the_time_and_four_times_as_many_nearly_always()
    {
        var random = new Random(6);
        double[] Draw(int n) => [.. Enumerable.Range(0, n).Select(_ => random.NextDouble() < 0.82 ? 1.0 : 0)];
        BootstrapInterval Interval(double[] right) => Bootstrap.Interval(
            Accuracy, new Observations(Enumerable.Repeat(1.0, right.Length), predictions: right), ResamplingUnits.ByRow(right.Length), resamples: 400).Interval!;
        var first = Interval([.. Enumerable.Range(0, 400).Select(i => i % 50 < 41 ? 1.0 : 0)]);
        var more = (int)SampleSizing.MoreUnits(first, 0.8, null)!.Value;

        int Decided(int n) => Enumerable.Range(0, 30).Count(_ => Interval(Draw(n)).Low >= 0.8);

        Assert.InRange(Decided(400 + more), 6, 24);
        Assert.InRange(Decided(400 + (4 * more)), 26, 30);
    }

    private static (Observations Rows, string[] Slices) Rows(params (string Name, int Rows, double Right)[] slices) => (
        new Observations(
            Enumerable.Repeat(1.0, slices.Sum(s => s.Rows)),
            predictions: slices.SelectMany(s => Enumerable.Range(0, s.Rows).Select(i => i * 7919 % s.Rows < s.Right * s.Rows ? 1.0 : 0))),
        [.. slices.SelectMany(s => Enumerable.Repeat(s.Name, s.Rows))]);
}
