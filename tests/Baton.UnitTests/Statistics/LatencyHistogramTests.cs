using Baton.Statistics;
using CsCheck;
using Xunit;

namespace Baton.UnitTests.Statistics;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Few_latencies_keep_exact_ranks() => Gen.Double[0, 1e9].Array[1, 500].Sample(values =>
    {
        var histogram = new LatencyHistogram(values);
        Assert.True(histogram.IsExact);
        Assert.Equal(values.Order(), Enumerable.Range(1, values.Length).Select(r => histogram.AtRank(r)));
    });

    [Fact]
    public void Many_latencies_are_within_one_percent_whatever_their_size()
    {
        var random = new Random(1);
        double[] values = [.. Enumerable.Range(0, 100_000).Select(_ => Math.Exp((random.NextDouble() * 24) - 6))];
        var histogram = new LatencyHistogram(values);

        Assert.False(histogram.IsExact);
        Array.Sort(values);
        Assert.All(Enumerable.Range(0, 1000).Select(i => 1 + (i * 100)), rank => Assert.InRange(histogram.AtRank(rank) / values[rank - 1], 0.996, 1.004));
        Assert.Equal((values[0], values[^1]), (histogram.Least, histogram.Greatest));
        Assert.Equal(values[^1], histogram.AtRank(values.Length));
        Assert.InRange(histogram.CountAbove(values[50_000]), 49_500, 50_500);
        Assert.Equal(0, histogram.CountAbove(values[^1]));
        Assert.Equal(100_000, histogram.Bars(30).Sum(b => b.Count));
    }

    [Theory]
    [InlineData(100, 200)]
    [InlineData(100, 20_000)]
    [InlineData(20_000, 100)]
    [InlineData(20_000, 20_000)]
    public void Merged_it_is_what_one_histogram_of_all_would_be(int first, int second)
    {
        var random = new Random(2);
        double[] Some(int count) => [.. Enumerable.Range(0, count).Select(i => i % 50 == 0 ? double.PositiveInfinity : random.NextDouble() * 100)];
        var (a, b) = (Some(first), Some(second));
        var merged = new LatencyHistogram(a);
        merged.Merge(new LatencyHistogram(b));
        var whole = new LatencyHistogram([.. a, .. b]);

        Assert.Equal((whole.Count, whole.Infinite, whole.Least, whole.Greatest), (merged.Count, merged.Infinite, merged.Least, merged.Greatest));
        Assert.All(Enumerable.Range(1, first + second).Where(r => r % 97 == 1), r => Assert.Equal(whole.AtRank(r), merged.AtRank(r)));
    }

    [Fact]
    public void A_failed_request_counts_as_infinitely_slow()
    {
        var histogram = new LatencyHistogram(1, double.PositiveInfinity, 2);

        Assert.Equal([1, 2, double.PositiveInfinity], Enumerable.Range(1, 3).Select(r => histogram.AtRank(r)));
        Assert.Equal((1L, 1L), (histogram.Infinite, histogram.CountAbove(1e300)));
        Assert.Equal(2, histogram.Bars(4).Sum(b => b.Count));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void What_is_no_latency_is_refused(double value) => Assert.Throws<ArgumentOutOfRangeException>(() => new LatencyHistogram(value));
}
