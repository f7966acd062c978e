using Baton.Serving.Log;
using Xunit;

namespace Baton.UnitTests.Serving.Log;

public sealed class SamplingTests
{
    private static readonly string[] Ids = [.. Enumerable.Range(0, 20_000).Select(i => $"flight-{i}")];

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0.1, 1800, 2200)]
    [InlineData(0.5, 9600, 10400)]
    [InlineData(1, 20_000, 20_000)]
    public void Keeps_about_the_share(double share, int least, int most) => Assert.InRange(Ids.Count(id => Sampling.Keeps(id, share)), least, most);

    [Fact]
    public void A_larger_share_keeps_what_a_smaller_one_kept() =>
        Assert.All(Ids.Where(id => Sampling.Keeps(id, 0.1)), id => Assert.True(Sampling.Keeps(id, 0.3)));

    // Another hash would keep other rows of a retry than of the first try: these must never change.
    [Fact]
    public void The_choice_is_the_same_for_ever() => Assert.Equal(
        ["10", "14", "15", "16", "25", "29", "31", "37", "38"], Ids.Take(40).Where(id => Sampling.Keeps(id, 0.2)).Select(id => id["flight-".Length..]));
}
