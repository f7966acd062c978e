using Baton.Inference.Execution;
using Xunit;

namespace Baton.UnitTests.Inference.Execution;

public sealed class LoadPlanTests
{
    [Fact]
    public void Arrivals_ascend_at_the_mean_rate_with_exponential_gaps()
    {
        var arrivals = LoadPlan.PoissonArrivals(requestsPerSecond: 50, requests: 20_000, seed: 1);
        var gaps = arrivals.Zip(arrivals.Prepend(0), (a, b) => a - b).ToArray();

        Assert.All(gaps, gap => Assert.True(gap >= 0));
        Assert.InRange(gaps.Average(), 19_500, 20_500);
        // A third of exponential gaps is longer than their mean: e^-1.
        Assert.InRange(gaps.Count(g => g > 20_000) / 20_000d, 0.355, 0.381);
    }

    [Fact]
    public void The_same_seed_gives_the_same_arrivals_and_another_gives_others()
    {
        Assert.Equal(LoadPlan.PoissonArrivals(20, 100, 7), LoadPlan.PoissonArrivals(20, 100, 7));
        Assert.NotEqual(LoadPlan.PoissonArrivals(20, 100, 7), LoadPlan.PoissonArrivals(20, 100, 8));
    }

    [Theory]
    [InlineData(90, 20, 120)] // six seconds of p95 at 20/s: more than the 90 needed
    [InlineData(459, 20, 459)] // p99 at 20/s: what is needed, though it takes 23 s
    [InlineData(459, 1000, 1377)] // three times what is needed, where that is quick
    [InlineData(44, 1000, 200)] // never fewer than 200, where that is quick
    [InlineData(459, 2, 120)] // a minute at most, and then too few
    [InlineData(90, 0.001, 1)]
    public void Requests_are_enough_where_time_allows(int needed, double rate, int expected) => Assert.Equal(expected, LoadPlan.Requests(needed, rate));
}
