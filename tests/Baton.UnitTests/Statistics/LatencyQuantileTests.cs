using Baton.Statistics;
using CsCheck;
using Xunit;

namespace Baton.UnitTests.Statistics;

public sealed class LatencyQuantileTests
{
    /// <summary>Requests needed at 99 % confidence, by percentile and misses; agrees with MLPerf's minimum of 662 for p99 with one miss.</summary>
    public static TheoryData<double, int, int> Table
    {
        get
        {
            int[] misses = [0, 1, 2, 3, 5, 10, 20];
            (double Percentile, int[] Requests)[] rows =
            [
                (90, [44, 64, 81, 97, 127, 197, 325]),
                (95, [90, 130, 165, 198, 259, 398, 656]),
                (99, [459, 662, 838, 1_001, 1_307, 2_010, 3_304]),
                (99.9, [4_603, 6_636, 8_403, 10_042, 13_105, 20_140, 33_097]),
            ];
            return [.. rows.SelectMany(row => misses.Zip(row.Requests, (m, n) => new TheoryDataRow<double, int, int>(row.Percentile, m, n)))];
        }
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void So_many_requests_are_needed_to_claim_a_percentile(double percentile, int misses, int requests) =>
        Assert.Equal(requests, LatencyQuantile.RequestsNeeded(percentile, 0.99, misses));

    [Theory]
    [InlineData(100, 0, 99, 359)] // 459 in all
    [InlineData(459, 0, 99, 0)]
    [InlineData(458, 0, 99, 1)]
    [InlineData(300, 0, 99.9, 4_303)]
    [InlineData(100, 1, 99, null)] // one in a hundred is no less than p99 allows
    [InlineData(500, 1, 99, 338)] // two misses by then, which need 838
    public void So_many_more_requests_would_likely_let_it_be_claimed(int requests, int misses, double percentile, int? more) =>
        Assert.Equal(more, LatencyQuantile.MoreRequests(requests, misses, percentile));

    [Theory]
    [InlineData(89, null)]
    [InlineData(90, 90.0)]
    [InlineData(129, 129.0)]
    [InlineData(130, 129.0)]
    [InlineData(165, 163.0)]
    public void The_upper_end_drops_a_rank_with_each_miss_that_the_table_allows(int requests, double? high) =>
        // 98 % two-sided leaves 1 % above, as the table does.
        Assert.Equal(high, LatencyQuantile.Interval(Enumerable.Range(1, requests).Select(i => (double)i), 95, 0.98).High);

    [Theory]
    [InlineData(50, 10, 5, 2, 9)] // ranks 2 and 9 of 10 enclose a median with 97.9 %
    [InlineData(50, 100, 50, 40, 61)]
    [InlineData(95, 1_000, 950, 936, 964)]
    public void The_interval_is_of_these_ranks(double percentile, int n, double estimate, double low, double high)
    {
        var shuffled = Enumerable.Range(1, n).Select(i => (double)i).ToArray();
        new Random(1).Shuffle(shuffled);

        Assert.Equal(new QuantileInterval(estimate, low, high, 0.95), LatencyQuantile.Interval(shuffled, percentile));
    }

    [Fact]
    public void Few_requests_have_an_open_end()
    {
        var one = LatencyQuantile.Interval([7], 50);

        Assert.Equal(new QuantileInterval(7, null, null, 0.95), one);
        Assert.Equal(BoundOutcome.Inconclusive, BoundVerdict.Decide(one.Low, one.High, null, 100));
    }

    [Fact]
    public void The_interval_holds_the_percentile_as_often_as_it_says()
    {
        var random = new Random(7);
        var held = Enumerable.Range(0, 2_000).Count(_ =>
        {
            // p90 of an exponential of mean 1 is ln 10.
            var interval = LatencyQuantile.Interval(Enumerable.Range(0, 300).Select(_ => -Math.Log(1 - random.NextDouble())), 90);
            return interval.Low <= Math.Log(10) && Math.Log(10) <= interval.High;
        });

        Assert.InRange(held / 2_000.0, 0.94, 0.985);
    }

    [Fact]
    public void The_binomial_adds_up() =>
        Gen.Select(Gen.Int[1, 60], Gen.Double[0.01, 0.99]).Sample((n, p) =>
        {
            var binomial = new Binomial(n, p);
            var (term, sum) = (Math.Pow(1 - p, n), 0.0);
            for (var k = 0; k <= n; k++)
            {
                sum += term;
                if (Math.Abs(binomial.AtMost(k) - sum) > 1e-12)
                    return false;
                term *= (n - k) * p / ((k + 1) * (1 - p));
            }

            return binomial.AtMost(-1) == 0 && binomial.AtMost(n) == 1;
        });

    [Fact]
    public void A_million_requests_are_no_trouble()
    {
        var interval = LatencyQuantile.Interval(Enumerable.Range(1, 1_000_000).Select(i => (double)i), 99);

        // The normal approximation: 1.96 · sqrt(n p (1 - p)) = 195 ranks.
        Assert.InRange(interval.Low!.Value, 990_000 - 197, 990_000 - 193);
        Assert.InRange(interval.High!.Value, 990_000 + 193, 990_000 + 198);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public void What_is_no_percentile_is_refused(double percentile)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => LatencyQuantile.Interval([1], percentile));
        Assert.Throws<ArgumentOutOfRangeException>(() => LatencyQuantile.RequestsNeeded(percentile, 0.99, 0));
    }
}
