using System.Diagnostics;
using Baton.Statistics;
using CsCheck;
using Xunit;

namespace Baton.UnitTests.Statistics;

public sealed class BootstrapTests
{
    private static readonly Metric Auc = Metrics.Find("roc_auc")!;

    private static readonly Metric Accuracy = Metrics.Find("accuracy")!;

    [Fact]
    public void The_same_seed_gives_the_same_interval_on_any_number_of_threads() =>
        Gen.Select(Gen.Int[10, 80], Gen.ULong, Gen.Int[2, 7]).Sample((n, seed, threads) =>
        {
            var rows = Rows(n, seed: 3);
            var units = ResamplingUnits.ByRow(n);
            var one = Bootstrap.Interval(Auc, rows, units, resamples: 200, seed: seed);
            return one == Bootstrap.Interval(Auc, rows, units, resamples: 200, seed: seed)
                && one == Bootstrap.Interval(Auc, rows, units, resamples: 200, seed: seed, threads: threads);
        }, iter: 50);

    [Fact]
    public void The_interval_of_a_seed_stays_what_it_is()
    {
        // Evidence that was written must come out the same when it is made again, on any version of .NET.
        var result = Bootstrap.Interval(Auc, Rows(40, seed: 1), ResamplingUnits.ByRow(40), resamples: 100, seed: 42);

        Assert.Equal((0.56640625, 0.31470588235294117, 0.73395182291666661), (result.Interval!.Estimate, result.Interval.Low, result.Interval.High));
    }

    [Fact]
    public void The_draws_of_a_seed_stay_what_they_are()
    {
        var (first, second) = (new SplitMix(42, 0), new SplitMix(42, 1));

        Assert.Equal([334, 836, 925, 619], Enumerable.Range(0, 4).Select(_ => first.Below(1000)));
        Assert.Equal([400, 891, 867, 559], Enumerable.Range(0, 4).Select(_ => second.Below(1000)));
    }

    [Fact]
    public void Another_seed_gives_another_interval() =>
        Assert.NotEqual(
            Bootstrap.Interval(Auc, Rows(200, seed: 1), ResamplingUnits.ByRow(200), seed: 1),
            Bootstrap.Interval(Auc, Rows(200, seed: 1), ResamplingUnits.ByRow(200), seed: 2));

    [Fact]
    public void By_row_the_interval_of_a_share_is_the_textbooks()
    {
        const int n = 2_000;
        var result = Bootstrap.Interval(Accuracy, Rows(n, seed: 5), ResamplingUnits.ByRow(n), resamples: 10_000).Interval!;

        var error = Math.Sqrt(result.Estimate * (1 - result.Estimate) / n);
        Assert.Equal(result.Estimate - (1.96 * error), result.Low, 0.1 * error);
        Assert.Equal(result.Estimate + (1.96 * error), result.High, 0.1 * error);
        Assert.Equal(n, result.Units);
    }

    [Fact]
    public void Rows_that_go_together_make_the_interval_as_wide_as_their_groups_are_few()
    {
        // Twenty groups of 100 equal rows hold no more than twenty rows.
        double[] right = [.. Enumerable.Range(0, 20).Select(g => g % 4 == 0 ? 0.0 : 1.0)];
        var labels = Enumerable.Repeat(1.0, 2_000).ToArray();
        var rows = new Observations(labels, predictions: right.SelectMany(r => Enumerable.Repeat(r, 100)));

        var byGroup = Bootstrap.Interval(Accuracy, rows, ResamplingUnits.ByGroup(Enumerable.Range(0, 2_000).Select(i => $"day {i / 100}"))).Interval!;
        var twenty = Bootstrap.Interval(Accuracy, new Observations(labels[..20], predictions: right), ResamplingUnits.ByRow(20)).Interval!;
        var byRow = Bootstrap.Interval(Accuracy, rows, ResamplingUnits.ByRow(2_000)).Interval!;

        Assert.Equal((twenty.Low, twenty.High, 20), (byGroup.Low, byGroup.High, byGroup.Units));
        Assert.True(byGroup.High - byGroup.Low > 5 * (byRow.High - byRow.Low));
    }

    [Fact]
    public void A_version_does_not_differ_from_itself()
    {
        var rows = Rows(100, seed: 2);

        var result = Bootstrap.PairedDifference(Auc, rows, rows, ResamplingUnits.ByRow(100)).Interval!;

        Assert.Equal((0.0, 0.0, 0.0), (result.Estimate, result.Low, result.High));
    }

    [Fact]
    public void A_paired_difference_is_narrower_than_the_intervals_of_both()
    {
        var candidate = Rows(1_000, seed: 2);
        var random = new Random(9);
        var production = new Observations(candidate.Labels, candidate.Scores!.Select(s => s + (0.05 * random.NextDouble())));
        var units = ResamplingUnits.ByRow(1_000);

        var one = Bootstrap.Interval(Auc, candidate, units).Interval!;
        var difference = Bootstrap.PairedDifference(Auc, candidate, production, units).Interval!;

        Assert.True(difference.High - difference.Low < 0.3 * (one.High - one.Low));
        Assert.InRange(difference.Estimate, difference.Low, difference.High);
        Assert.Equal(Auc.Compute(candidate).Value!.Value - Auc.Compute(production).Value!.Value, difference.Estimate);
    }

    [Fact]
    public void Rows_that_are_not_the_same_cannot_be_paired() =>
        Assert.Throws<ArgumentException>(() => Bootstrap.PairedDifference(
            Accuracy, new Observations([1, 0, 1, 0, 1], [1, 1, 1, 1, 1]), new Observations([0, 1, 1, 0, 1], [1, 1, 1, 1, 1]), ResamplingUnits.ByRow(5)));

    [Fact]
    public void Resamples_without_the_metric_are_left_out_and_counted()
    {
        // One positive of ten rows is missed by about (9/10)^10 = 35 % of resamples.
        var rows = new Observations([1, 0, 0, 0, 0, 0, 0, 0, 0, 0], [.5, .1, .2, .3, .4, .5, .6, .7, .8, .9]);

        var result = Bootstrap.Interval(Auc, rows, ResamplingUnits.ByRow(10));

        Assert.InRange(result.UndefinedResamples, 600, 800);
        Assert.NotNull(result.Interval);
    }

    [Fact]
    public void Where_most_resamples_have_no_metric_there_is_no_interval()
    {
        // Each version predicts one positive, of different rows: only 40 % of resamples hold both, and precision needs both.
        Observations Only(int row) => new(Enumerable.Repeat(1.0, 40), predictions: Enumerable.Range(0, 40).Select(i => i == row ? 1.0 : 0.0));

        var result = Bootstrap.PairedDifference(Metrics.Find("precision")!, Only(3), Only(7), ResamplingUnits.ByRow(40));

        Assert.Null(result.Interval);
        Assert.InRange(result.UndefinedResamples, 1_100, 1_300);
        Assert.Equal(
            $"the metric is undefined in {result.UndefinedResamples:N0} of 2,000 resamples; too few rows or groups hold what it needs", result.UndefinedBecause);
    }

    [Fact]
    public void Of_few_groups_there_is_no_interval()
    {
        var rows = Rows(40, seed: 1);

        var result = Bootstrap.Interval(Auc, rows, ResamplingUnits.ByGroup(Enumerable.Range(0, 40).Select(i => i % 4)));

        Assert.Null(result.Interval);
        Assert.Equal("there are 4 rows or groups to draw from; an interval needs at least 5", result.UndefinedBecause);
    }

    [Fact]
    public void Of_an_undefined_metric_there_is_no_interval_and_its_reason_is_told() =>
        Assert.Equal(
            new BootstrapResult(null, "every label is 1; a ranking needs rows of both classes", 0),
            Bootstrap.Interval(Auc, new Observations([1, 1, 1, 1, 1], [1, 2, 3, 4, 5]), ResamplingUnits.ByRow(5)));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Two_thousand_resamples_take_less_time_than_it_would_to_sort_each_of_them(bool byDay)
    {
        var rows = Rows(12_000, seed: 4);
        var units = byDay ? ResamplingUnits.ByGroup(Enumerable.Range(0, 12_000).Select(i => i % 14)) : ResamplingUnits.ByRow(12_000);

        // Against work on the same cores at the same time, for a limit in seconds would fail on a busy machine; 200 sorts stand for 2,000.
        var runs = Enumerable.Range(0, 3).Select(_ => (
            Swept: Time(() => Assert.NotNull(Bootstrap.Interval(Auc, rows, units).Interval)),
            Sorted: 10 * Time(() => { for (var i = 0; i < 200; i++) Array.Sort(rows.Scores!.ToArray()); }))).ToList();

        var (swept, sorted) = (runs.Min(r => r.Swept), runs.Min(r => r.Sorted));
        TestContext.Current.TestOutputHelper?.WriteLine($"{swept.TotalMilliseconds:N0} ms against {sorted.TotalMilliseconds:N0}");
        Assert.True(swept < sorted, $"took {swept.TotalMilliseconds:N0} ms, and sorting alone {sorted.TotalMilliseconds:N0}");

        static TimeSpan Time(Action work)
        {
            var started = Stopwatch.GetTimestamp();
            work();
            return Stopwatch.GetElapsedTime(started);
        }
    }

    private static Observations Rows(int n, int seed)
    {
        var random = new Random(seed);
        double[] labels = [.. Enumerable.Range(0, n).Select(_ => random.NextDouble() < 0.2 ? 1.0 : 0.0)];
        labels[0] = 1;
        labels[1] = 0;
        return new Observations(labels, labels.Select(label => Math.Clamp((0.2 * label) + (0.8 * random.NextDouble()), 0, 1)));
    }
}
