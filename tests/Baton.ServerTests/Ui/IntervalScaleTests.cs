using Baton.Server.Ui;
using CsCheck;
using Xunit;

namespace Baton.ServerTests.Ui;

public sealed class IntervalScaleTests
{
    private const double Width = 290;

    [Fact]
    public void Every_value_has_a_place_inside_and_greater_ones_stand_further_right() =>
        Gen.Select(Gen.Double[-1e6, 1e6].Array[1, 6], Gen.Bool).Sample((values, fromZero) =>
        {
            var scale = IntervalScale.Of(values.Select(v => (double?)v), Width, fromZero);
            var places = values.Order().Select(scale.At).ToList();
            return places.TrueForAll(x => x is >= 0 and <= Width) && places.SequenceEqual(places.Order());
        });

    [Fact]
    public void A_time_of_little_more_than_nothing_stands_at_the_left_of_a_bound_far_away()
    {
        var scale = IntervalScale.Of([1.8, 25], Width, fromZero: true);
        Assert.InRange(scale.At(1.8), 10, 40);
        Assert.InRange(scale.At(25), 200, Width);
        Assert.Equal(scale.At(0), IntervalScale.Of([3, 25], Width, fromZero: true).At(0));
    }

    [Fact]
    public void What_is_allowed_reaches_from_the_bound_to_the_edge()
    {
        var scale = IntervalScale.Of([0.6, 0.65, 0.7], Width);
        Assert.Equal((scale.At(0.6), Width), scale.Allowed(0.6, null));
        Assert.Equal((0, scale.At(0.7)), scale.Allowed(null, 0.7));
    }

    [Fact]
    public void One_value_alone_and_none_at_all_can_be_drawn()
    {
        Assert.Equal(Width / 2, IntervalScale.Of([0.5], Width).At(0.5), 6);
        Assert.InRange(IntervalScale.Of([null], Width).At(0), 0, Width);
    }

    [Fact]
    public void A_share_does_not_reach_beyond_the_whole() => Assert.Equal(Width - 10, IntervalScale.Of([0.995, 1], Width, most: 1).At(1), 6);

    [Theory]
    [InlineData(5, "start")]
    [InlineData(145, "middle")]
    [InlineData(285, "end")]
    public void A_label_stays_inside(double x, string anchor) => Assert.Equal(anchor, IntervalScale.Of([1, 2], Width).Anchor(x, 60));
}
