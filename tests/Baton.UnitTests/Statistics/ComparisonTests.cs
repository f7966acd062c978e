using System.Text.Json;
using Baton.Statistics;
using Baton.UnitTests.Contracts;
using Xunit;

namespace Baton.UnitTests.Statistics;

/// <summary>Comparisons of two models, against numbers of scipy.</summary>
public sealed class ComparisonTests
{
    private static readonly JsonElement Oracle = JsonDocument.Parse(Checkout.Read("tests/Baton.UnitTests/oracles/comparison.json")).RootElement;

    [Fact]
    public void DeLong_gives_areas_their_covariance_and_the_chance_of_the_difference()
    {
        var oracle = Oracle.GetProperty("delong");
        double Expected(string name) => oracle.GetProperty(name).GetDouble();
        double[] Column(string name) => [.. oracle.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];

        var areas = DeLong.Compare(Column("y"), Column("score_a"), Column("score_b"));

        Assert.Equal(Expected("auc_a"), areas.First, 1e-12);
        Assert.Equal(Expected("auc_b"), areas.Second, 1e-12);
        Assert.Equal(Expected("var_a"), areas.FirstVariance, 1e-12);
        Assert.Equal(Expected("var_b"), areas.SecondVariance, 1e-12);
        Assert.Equal(Expected("cov"), areas.Covariance, 1e-12);
        Assert.Equal(Expected("z"), areas.Z!.Value, 1e-10);
        Assert.Equal(Expected("p"), areas.PValue!.Value, 1e-10);
    }

    [Fact]
    public void Scores_that_never_differ_have_no_chance_of_a_difference()
    {
        var areas = DeLong.Compare([0, 1, 0, 1], [0.1, 0.4, 0.5, 0.9], [0.1, 0.4, 0.5, 0.9]);

        Assert.Equal(0, areas.Difference);
        Assert.Null(areas.PValue);
    }

    [Fact]
    public void DeLong_needs_two_rows_of_each_class() =>
        Assert.Contains("1 positive and 3 negative", Assert.Throws<ArgumentException>(() => DeLong.Compare([0, 1, 0, 0], [1, 2, 3, 4], [1, 2, 3, 4])).Message);

    [Fact]
    public void McNemar_is_exact()
    {
        foreach (var oracle in Oracle.GetProperty("mcnemar").EnumerateArray())
        {
            var table = oracle.GetProperty("table");
            Assert.Equal(oracle.GetProperty("exact_p").GetDouble(), McNemar.PValue(table[0][1].GetInt32(), table[1][0].GetInt32()), 1e-12);
        }

        Assert.Equal(1, McNemar.PValue(0, 0));
    }

    [Fact]
    public void McNemars_mid_p_is_the_published_one_and_leaves_out_half_of_the_tables_own_chance()
    {
        // Fagerland, Lydersen and Laake (2013), airway hyper-responsiveness before and after a transplantation: 1 and 7; exact 0.070, mid-p 0.039.
        Assert.Equal(0.0703125, McNemar.PValue(1, 7), 1e-12);
        Assert.Equal(0.0390625, McNemar.MidPValue(1, 7), 1e-12);
        Assert.Equal(1 - (0.375 / 2), McNemar.MidPValue(2, 2), 1e-12);
        Assert.Equal(1, McNemar.MidPValue(0, 0));
    }

    [Fact]
    public void The_calibration_error_is_that_of_ten_bins_of_equal_width()
    {
        var oracle = Oracle.GetProperty("ece");
        double[] Column(string name) => [.. oracle.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];

        var error = Metrics.Find("expected_calibration_error")!.Compute(new Observations(Column("y"), Column("p")));

        Assert.Equal(oracle.GetProperty("equal_width_10_right_closed").GetDouble(), error.Value!.Value, 1e-12);
    }

    [Fact]
    public void Holm_steps_down_and_never_lets_a_greater_p_value_pass_a_smaller_one() =>
        Assert.Equal([0.03, 0.06, 0.06, 0.02], Holm.Adjust([0.01, 0.03, 0.04, 0.005]).Select(p => Math.Round(p, 12)));

    [Theory]
    [InlineData(0.975, 1.9599639845400545)]
    [InlineData(0.5, 0)]
    [InlineData(1e-10, -6.361340902404056)]
    [InlineData(0.0227501319481792, -2)]
    public void The_normal_quantile_is_that_of_published_tables(double share, double expected)
    {
        Assert.Equal(expected, Normal.Quantile(share), 1e-12);
        Assert.Equal(share, 1 - Normal.Above(expected), 1e-12);
    }
}
