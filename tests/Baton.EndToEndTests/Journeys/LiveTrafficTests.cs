using System.Globalization;
using System.Text.Json;
using Baton.Inference;
using Baton.Storage.Tables;
using Baton.Testing;
using Xunit;

namespace Baton.EndToEndTests.Journeys;

/// <summary>The weekly figures that the quickstart ends with, against figures made here from the flights and the model file alone.</summary>
public sealed class LiveTrafficTests(QuickstartStory quickstart)
{
    /// <summary>Of scikit-learn over all 40,000 flights, from the champion's ONNX scores.</summary>
    private const double ReferenceRocAuc = 0.6551679514695876;
    private const double ReferenceBrierScore = 0.15088342130184174;

    [Fact]
    public async Task Every_flight_is_logged_and_labelled_and_each_weeks_figures_are_right()
    {
        var told = (await quickstart.ToldAsync()).Summary;
        Assert.Equal((40_000, 40_000), (told.GetProperty("predictions").GetInt32(), told.GetProperty("labelled").GetInt32()));
        var flights = await ScoredAsync();
        Assert.Equal(ReferenceRocAuc, RocAuc(flights), 1e-6);
        Assert.Equal(ReferenceBrierScore, BrierScore(flights), 1e-6);

        var weeks = told.GetProperty("weeks").EnumerateArray().ToList();
        var expected = flights.GroupBy(f => f.Monday).OrderBy(g => g.Key).ToList();
        Assert.Equal(expected.Select(g => g.Key.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)), weeks.Select(w => w.GetProperty("week").GetString()));
        foreach (var (rows, week) in expected.Zip(weeks))
        {
            Assert.Equal((rows.Count(), rows.Count()), (week.GetProperty("predictions").GetInt32(), week.GetProperty("labelled").GetInt32()));
            AssertFigure(rows.Average(f => f.Late), week, "late_rate");
            AssertFigure(RocAuc([.. rows]), week, "roc_auc");
            AssertFigure(BrierScore([.. rows]), week, "brier_score");
        }
    }

    private static void AssertFigure(double expected, JsonElement week, string name) => Assert.Equal(expected, week.GetProperty(name).GetDouble(), 1e-6);

    private static async Task<IReadOnlyList<Flight>> ScoredAsync()
    {
        var samples = Path.Combine(Repository.Root, "samples", "flights");
        var table = await ParquetFile.ReadAsync(Path.Combine(samples, "live.parquet"));
        using var session = ModelSession.Load(Path.Combine(samples, "champion", "model.onnx"));
        var outputs = session.Run([.. session.Inputs.Select(input => new Tensor(input.Name, [table.Rows, 1], table[input.Name].Values))]);
        var scores = outputs.Single(o => o.Name == "probabilities").ColumnAsDoubles(1);
        var (dates, late) = ((DateTime[])table["date"].Values, (long[])table["late"].Values);
        return [.. Enumerable.Range(0, table.Rows).Select(i => new Flight(DateOnly.FromDateTime(dates[i].AddDays(-(((int)dates[i].DayOfWeek + 6) % 7))), scores[i], late[i]))];
    }

    /// <summary>The share of (late, on time) pairs in which the late flight scores higher, ties counting half.</summary>
    private static double RocAuc(IReadOnlyList<Flight> flights)
    {
        double pairs = 0, below = 0;
        foreach (var tie in flights.GroupBy(f => f.Score).OrderBy(g => g.Key))
        {
            double late = tie.Count(f => f.Late == 1), onTime = tie.Count() - late;
            pairs += late * (below + (onTime / 2));
            below += onTime;
        }

        return pairs / (below * (flights.Count - below));
    }

    private static double BrierScore(IReadOnlyList<Flight> flights) => flights.Average(f => (f.Score - f.Late) * (f.Score - f.Late));

    private sealed record Flight(DateOnly Monday, double Score, long Late);
}
