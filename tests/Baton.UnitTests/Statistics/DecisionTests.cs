using Baton.Statistics;
using Xunit;

namespace Baton.UnitTests.Statistics;

public sealed class DecisionTests
{
    [Theory]
    [InlineData(0.61, 0.65, 0.60, null, BoundOutcome.Pass)]
    [InlineData(0.60, 0.65, 0.60, null, BoundOutcome.Pass)]
    [InlineData(0.59, 0.65, 0.60, null, BoundOutcome.Inconclusive)]
    [InlineData(0.55, 0.60, 0.60, null, BoundOutcome.Inconclusive)]
    [InlineData(0.55, 0.59, 0.60, null, BoundOutcome.Fail)]
    [InlineData(10.0, 20.0, null, 25.0, BoundOutcome.Pass)]
    [InlineData(10.0, 25.0, null, 25.0, BoundOutcome.Pass)]
    [InlineData(10.0, 26.0, null, 25.0, BoundOutcome.Inconclusive)]
    [InlineData(26.0, 30.0, null, 25.0, BoundOutcome.Fail)]
    [InlineData(10.0, null, null, 25.0, BoundOutcome.Inconclusive)]
    [InlineData(30.0, null, null, 25.0, BoundOutcome.Fail)]
    [InlineData(null, 20.0, null, 25.0, BoundOutcome.Pass)]
    [InlineData(null, 0.65, 0.60, null, BoundOutcome.Inconclusive)]
    [InlineData(0.62, 0.68, 0.60, 0.70, BoundOutcome.Pass)]
    [InlineData(0.62, 0.72, 0.60, 0.70, BoundOutcome.Inconclusive)]
    [InlineData(0.72, 0.75, 0.60, 0.70, BoundOutcome.Fail)]
    [InlineData(0.1, 0.2, null, null, BoundOutcome.Pass)]
    public void An_interval_decides_a_bound(double? low, double? high, double? min, double? max, BoundOutcome outcome) =>
        Assert.Equal(outcome, BoundVerdict.Decide(low, high, min, max));

    [Theory]
    [InlineData(0.75, 0.25, 0.9, 0.5, 14, 42L)] // reach 0.5, distance 0.25: four times the sample
    [InlineData(0.75, 0.375, 1.5, 0.5, 100, 125L)] // only the end towards the bound counts
    [InlineData(0.25, -1.0, 0.625, 0.5, 100, 125L)]
    [InlineData(0.62, 0.61, 0.63, 0.60, 100, 0L)]
    [InlineData(0.60, 0.58, 0.62, 0.60, 100, null)]
    [InlineData(0.600000001, 0.3, 0.9, 0.60, 1000, null)]
    public void So_many_more_would_likely_decide(double estimate, double low, double high, double bound, long n, long? more) =>
        Assert.Equal(more, SampleSizing.MoreGroups(estimate, low, high, bound, n));
}
