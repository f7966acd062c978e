using Baton.Contracts;
using Baton.Contracts.Reports;
using CsCheck;
using Xunit;

namespace Baton.UnitTests.Contracts.Reports;

public sealed class IntervalBarTests
{
    [Fact]
    public void The_bound_is_left_of_an_interval_that_keeps_it() => Assert.Equal("··┃····━━━━●━━━··", IntervalBar.Of(Clause(0.65, 0.63, 0.67, new Bound(Min: 0.6))));

    [Fact]
    public void Without_a_number_there_is_no_bar() => Assert.Equal("", IntervalBar.Of(Clause(double.NaN, 0, 1, new Bound(Min: 0.6))));

    [Fact]
    public void A_value_is_drawn_on_its_side_of_the_bound()
    {
        Gen.Select(Gen.Double[-1, 1], Gen.Double[0, 0.5], Gen.Double[-1, 1]).Sample((measured, half, bound) =>
        {
            var bar = IntervalBar.Of(Clause(measured, measured - half, measured + half, new Bound(Min: bound)));
            var (value, end) = (bar.IndexOf('●', StringComparison.Ordinal), bar.IndexOf('┃', StringComparison.Ordinal));
            return bar.Length == 17 && value >= 0 && (end < 0 || Math.Sign(value - end) == Math.Sign(measured - bound));
        });
    }

    private static ClauseResult Clause(double measured, double low, double high, Bound bound) => new()
    {
        Name = "metrics.roc_auc",
        Verdict = Verdict.Pass,
        Evidence = EvidenceLevel.ReExecuted,
        Demanded = "",
        Reason = "",
        Measured = measured,
        Interval = new Interval(low, high, 0.95),
        Bound = bound,
    };
}
