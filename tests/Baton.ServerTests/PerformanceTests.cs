using System.Diagnostics;
using System.Net;
using Baton.Client;
using Baton.Database;
using Baton.Testing;
using Xunit;

namespace Baton.ServerTests;

/// <summary>Weekly performance over HTTP, from sealed files of predictions and labels that were posted.</summary>
public sealed class PerformanceTests
{
    private static readonly DateTimeOffset Monday = new(2001, 2, 12, 0, 0, 0, TimeSpan.Zero);

    [Theory, EachDatabase]
    public async Task Weeks_are_told_by_the_time_of_the_prediction_with_the_last_revision_of_each_label(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var rows = Enumerable.Range(0, 900).Select(i => new LoggedRow($"f{i}", Monday.AddMinutes(i * 30), (i * 37 % 101) / 101.0, i % 3 == 0)).ToList();
        await PredictionFiles.PutAsync(server, "flight-delay", rows);
        // Labels come days later, some before their revision, some for predictions that never came; those of the last days are still missing.
        var labelled = rows.Where(r => r.At < Monday.AddDays(16)).ToList();
        await PredictionFiles.LabelAsync(server, "flight-delay", labelled.Select(r => (r.Id, (object)(r.Late ? 1 : 0), r.At.AddHours(5), 0)));
        await PredictionFiles.LabelAsync(server, "flight-delay", labelled.Where((_, i) => i % 10 == 0).Select(r => (r.Id, (object)!r.Late, r.At.AddHours(30), 1)));
        await PredictionFiles.LabelAsync(server, "flight-delay", [("never-seen", true, Monday.AddDays(20), 0)]);

        var told = await server.Client.GetPerformanceAsync("flight-delay");
        Assert.Equal("flight-delay", told.Endpoint);
        var truth = labelled.Select((row, i) => row with { Late = i % 10 == 0 ? !row.Late : row.Late }).ToDictionary(r => r.Id);
        var expected = rows.GroupBy(r => (int)(r.At - Monday).TotalDays / 7).Select(week => Expect(week.Key, [.. week], truth)).ToList();
        Assert.Equal(expected.Select(e => e.Week), told.Weeks.Select(w => w.Week));
        foreach (var (wanted, week) in expected.Zip(told.Weeks))
        {
            Assert.Equal((wanted.Predictions, wanted.Labelled), (week.Predictions, week.Labelled));
            Assert.Equal(wanted.Labelled / (double)wanted.Predictions, week.LabelCoverage, 1e-12);
            if (wanted.Labelled < 100)
            {
                Assert.Equal((null, null, null), (week.LateRate, week.RocAuc, week.BrierScore));
                continue;
            }

            Assert.Equal(wanted.LateRate, week.LateRate!.Value, 1e-9);
            Assert.Equal(wanted.RocAuc, week.RocAuc!.Value, 1e-6);
            Assert.Equal(wanted.BrierScore, week.BrierScore!.Value, 1e-6);
        }

        Assert.Equal([true, true, false], told.Weeks.Select(w => w.Matured));
        Assert.Equal([5.0, 5.0], told.Weeks.Take(2).Select(w => w.LabelDelayP50Hours!.Value));
        Assert.Equal([30.0, 30.0], told.Weeks.Take(2).Select(w => w.LabelDelayP95Hours!.Value));
        Assert.Equal([null, null], told.Weeks.Take(2).Select(w => w.Note));
        Assert.StartsWith("42 % of the labels are known", told.Weeks[2].Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_range_is_widened_to_whole_weeks_and_maturity_counts_every_label_of_the_endpoint()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var rows = Enumerable.Range(0, 21).SelectMany(day => Enumerable.Range(0, 50).Select(i =>
            new LoggedRow($"d{day}-{i}", Monday.AddDays(day).AddMinutes(i), i / 50.0, i % 2 == 0))).ToList();
        await PredictionFiles.PutAsync(server, "e", rows);
        await PredictionFiles.LabelAsync(server, "e", rows.Where((_, i) => i % 5 != 0).Select(r => (r.Id, (object)r.Late, r.At.AddHours(1), 0)));

        var whole = await server.Client.GetPerformanceAsync("e");
        Assert.Equal([true, false, false], whole.Weeks.Select(w => w.Matured));
        Assert.Equal([null, "immature: 80 % of the labels are known", "immature: 80 % of the labels are known"], whole.Weeks.Select(w => w.Note));
        var first = await server.Client.GetPerformanceAsync("e", from: Monday.AddDays(3), to: Monday.AddDays(4));
        Assert.Equal(whole.Weeks[0], Assert.Single(first.Weeks));
        Assert.Equal(whole.Weeks.Skip(1), (await server.Client.GetPerformanceAsync("e", from: Monday.AddDays(7))).Weeks);
        Assert.Equal(whole.Weeks.Take(2), (await server.Client.GetPerformanceAsync("e", to: Monday.AddDays(14))).Weeks);
        Assert.Empty((await server.Client.GetPerformanceAsync("e", from: Monday.AddDays(70))).Weeks);
    }

    [Fact]
    public async Task A_question_that_cannot_be_answered_says_why()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var missing = await Assert.ThrowsAsync<BatonApiException>(() => server.Client.GetPerformanceAsync("nowhere"));
        Assert.Equal(HttpStatusCode.NotFound, missing.Status);
        Assert.Contains("There is no endpoint 'nowhere'", missing.Message, StringComparison.Ordinal);
        var name = await Assert.ThrowsAsync<BatonApiException>(() => server.Client.GetPerformanceAsync("no name"));
        Assert.Equal(HttpStatusCode.BadRequest, name.Status);
        await PredictionFiles.PutAsync(server, "e", [new LoggedRow("a", Monday, 0.5, true)]);
        var order = await Assert.ThrowsAsync<BatonApiException>(() => server.Client.GetPerformanceAsync("e", from: Monday, to: Monday));
        Assert.Equal("'from' (2001-02-12T00:00:00Z) must lie before 'to' (2001-02-12T00:00:00Z).", order.Message);
        using var answer = await server.Http.GetAsync("api/v1/endpoints/e/performance?from=yesterday");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("expected a time such as", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forty_thousand_predictions_are_told_in_well_under_a_second()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var rows = Enumerable.Range(0, 40_000).Select(i => new LoggedRow($"f{i}", Monday.AddMinutes(i), (i * 7919 % 10_007) / 10_007.0, i % 5 == 0)).ToList();
        await PredictionFiles.PutAsync(server, "flight-delay", rows);
        await PredictionFiles.LabelAsync(server, "flight-delay", rows.Select(r => (r.Id, (object)(r.Late ? 1 : 0), r.At.AddHours(2), 0)));
        Assert.Equal(40_000, (await server.Client.GetPerformanceAsync("flight-delay")).Weeks.Sum(w => w.Labelled));
        var fastest = TimeSpan.MaxValue;
        for (var round = 0; round < 3; round++)
        {
            var watch = Stopwatch.StartNew();
            await server.Client.GetPerformanceAsync("flight-delay");
            fastest = watch.Elapsed < fastest ? watch.Elapsed : fastest;
        }

        Assert.True(fastest < TimeSpan.FromSeconds(1), $"It took {fastest.TotalMilliseconds:0} ms at best.");
    }

    /// <summary>By the definitions: a pair of a late and a punctual flight is ranked right, wrong, or tied.</summary>
    private static (DateOnly Week, long Predictions, long Labelled, double LateRate, double RocAuc, double BrierScore) Expect(
        int week, IReadOnlyList<LoggedRow> rows, Dictionary<string, LoggedRow> truth)
    {
        var known = rows.Where(r => truth.ContainsKey(r.Id)).Select(r => (r.Score, truth[r.Id].Late)).ToList();
        double[] late = [.. known.Where(r => r.Late).Select(r => r.Score)], punctual = [.. known.Where(r => !r.Late).Select(r => r.Score)];
        var right = late.Sum(a => punctual.Sum(b => a > b ? 1 : a == b ? 0.5 : 0));
        return (
            DateOnly.FromDateTime(Monday.AddDays(7 * week).UtcDateTime), rows.Count, known.Count,
            (double)late.Length / known.Count, right / ((double)late.Length * punctual.Length), known.Average(r => Math.Pow(r.Score - (r.Late ? 1 : 0), 2)));
    }
}
