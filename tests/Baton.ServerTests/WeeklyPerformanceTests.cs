using System.Globalization;
using System.Text.Json;
using Baton.Server.Monitoring;
using Baton.Server.Platform.Ids;
using Baton.Server.Predictions;
using Baton.Testing;
using Xunit;

namespace Baton.ServerTests;

/// <summary>Figures of weeks, from columns alone.</summary>
public sealed class WeeklyPerformanceTests
{
    private const long Hour = 3_600_000_000;

    public static TheoryData<int, string> OracleCases =>
    [
        .. Oracle().EnumerateArray().Index().Where(c => c.Item.GetProperty("task").GetString() == "binary-classification"
                && c.Item.GetProperty("weight").ValueKind == JsonValueKind.Null && c.Item.GetProperty("label").GetArrayLength() >= 100)
            .Select(c => new TheoryDataRow<int, string>(c.Index, c.Item.GetProperty("name").GetString()!)),
    ];

    [Theory]
    [MemberData(nameof(OracleCases))]
    public void The_figures_of_a_week_are_those_of_scikit_learn(int number, string name)
    {
        var oracle = Oracle()[number];
        Assert.Equal(name, oracle.GetProperty("name").GetString());
        double[] Column(string column) => [.. oracle.GetProperty(column).EnumerateArray().Select(v => v.GetDouble())];
        var labels = Column("label");
        var week = Assert.Single(WeeklyPerformance.Of(Rows(At("2001-02-14"), labels.Length) with
        {
            Scores = Column("score"),
            Labels = [.. labels.Select(l => l == 1 ? "1" : "0")],
        }));
        Assert.Equal(oracle.GetProperty("expected").GetProperty("roc_auc").GetDouble(), week.RocAuc!.Value, 1e-6);
        Assert.Equal(oracle.GetProperty("expected").GetProperty("brier_score").GetDouble(), week.BrierScore!.Value, 1e-6);
        Assert.Equal(labels.Average(), week.LateRate!.Value, 1e-12);
        Assert.Null(week.Note);
    }

    [Fact]
    public void The_cases_of_scikit_learn_were_there() => Assert.True(OracleCases.Count >= 6);

    [Theory]
    [InlineData("2001-02-12T00:00:00Z", "2001-02-12")]
    [InlineData("2001-02-18T23:59:59.999999Z", "2001-02-12")]
    [InlineData("2001-02-19T00:00:00Z", "2001-02-19")]
    [InlineData("2024-12-29T23:59:59Z", "2024-12-23")]
    [InlineData("2024-12-30T00:00:00Z", "2024-12-30")]
    [InlineData("2025-01-01T12:00:00Z", "2024-12-30")]
    [InlineData("2020-12-31T12:00:00Z", "2020-12-28")]
    [InlineData("2021-01-03T23:59:59Z", "2020-12-28")]
    [InlineData("2016-02-29T08:00:00Z", "2016-02-29")]
    [InlineData("1970-01-01T00:00:00Z", "1969-12-29")]
    [InlineData("1969-12-28T23:59:59Z", "1969-12-22")]
    public void A_prediction_belongs_to_the_week_of_its_Monday_UTC(string at, string monday)
    {
        var week = Assert.Single(WeeklyPerformance.Of(Rows(At(at), 1, step: 0)));
        Assert.Equal(DateOnly.Parse(monday, CultureInfo.InvariantCulture), week.Week);
        Assert.Equal(DayOfWeek.Monday, week.Week.DayOfWeek);
    }

    [Fact]
    public void Weeks_come_in_order_and_one_without_predictions_is_left_out()
    {
        long[] times = [At("2001-02-11T23:59:59.999999Z"), At("2001-02-12"), At("2001-02-18"), At("2001-03-07")];
        var weeks = WeeklyPerformance.Of(Rows(0, 4) with { EventTimes = times });
        Assert.Equal(["2001-02-05", "2001-02-12", "2001-03-05"], weeks.Select(w => w.Week.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        Assert.Equal([1, 2, 1], weeks.Select(w => w.Predictions));
    }

    // Rows of one week; the newest label of the endpoint is known so many days after the week's end.
    [Theory]
    [InlineData(200, 200, 0, true, true, null)]
    [InlineData(200, 190, 0, true, true, null)]
    [InlineData(200, 189, 0, false, true, "immature: 94 % of the labels are known")]
    [InlineData(200, 122, 7, false, true, "immature: 61 % of the labels are known")]
    [InlineData(200, 122, 7.01, true, true, null)]
    [InlineData(200, 100, 0, false, true, "immature: 50 % of the labels are known")]
    [InlineData(201, 100, 0, false, false, "49 % of the labels are known: figures need 50 %")]
    [InlineData(201, 100, 30, true, false, "49 % of the labels are known: figures need 50 %")]
    [InlineData(150, 99, 30, true, false, "99 labels are known: figures need 100")]
    [InlineData(99, 99, 0, true, false, "99 labels are known: figures need 100")]
    [InlineData(1, 1, 0, true, false, "1 label is known: figures need 100")]
    [InlineData(150, 0, 30, true, false, "no label is known yet")]
    [InlineData(150, 0, 0, false, false, "no label is known yet")]
    public void Coverage_and_age_decide_what_is_told(int predictions, int labelled, double daysAfter, bool matured, bool figures, string? note)
    {
        var rows = Rows(At("2001-02-12"), predictions) with { NewestLabelAt = At("2001-02-19") + (long)(daysAfter * 24 * Hour) };
        rows = rows with { Labels = [.. rows.Labels.Select((label, row) => row < labelled ? label : null)] };
        var week = Assert.Single(WeeklyPerformance.Of(rows));
        Assert.Equal((predictions, labelled, matured, note), (week.Predictions, week.Labelled, week.Matured, week.Note));
        Assert.Equal((double)labelled / predictions, week.LabelCoverage);
        Assert.Equal([figures, figures, figures], [week.LateRate is not null, week.RocAuc is not null, week.BrierScore is not null]);
    }

    [Fact]
    public void Figures_are_those_of_the_labelled_rows_alone()
    {
        var rows = Rows(At("2001-02-12"), 240);
        string?[] labels = [.. rows.Labels.Select((label, row) => row % 4 == 3 ? null : label)];
        var week = Assert.Single(WeeklyPerformance.Of(rows with { Labels = labels }));
        var known = rows.Scores.Zip(labels).Where(r => r.Second is not null).ToList();
        double[] late = [.. known.Where(r => r.Second == "1").Select(r => r.First)], onTime = [.. known.Where(r => r.Second == "0").Select(r => r.First)];
        var pairs = late.Sum(a => onTime.Sum(b => a > b ? 1 : a == b ? 0.5 : 0));
        Assert.Equal(pairs / ((double)late.Length * onTime.Length), week.RocAuc!.Value, 1e-12);
        Assert.Equal(known.Average(r => Math.Pow(r.First - (r.Second == "1" ? 1 : 0), 2)), week.BrierScore!.Value, 1e-12);
        Assert.Equal((double)late.Length / known.Count, week.LateRate!.Value, 1e-12);
        Assert.Equal("immature: 75 % of the labels are known", week.Note);
    }

    [Theory]
    [InlineData("1", "0", true)]
    [InlineData("true", "false", true)]
    [InlineData("True", "False", true)]
    [InlineData("1.0", "0.0", true)]
    [InlineData("late", "on time", false)]
    [InlineData("2", "1", false)]
    [InlineData("-1", "1", false)]
    [InlineData("", "1", false)]
    [InlineData("NaN", "0", false)]
    public void Two_words_say_yes_and_two_say_no_and_others_leave_the_figures_undefined(string positive, string negative, bool understood)
    {
        var rows = Rows(At("2001-02-12"), 200);
        var week = Assert.Single(WeeklyPerformance.Of(rows with { Labels = [.. rows.Labels.Select(l => l == "1" ? positive : negative)] }));
        Assert.Equal([understood, understood, understood], [week.LateRate is not null, week.RocAuc is not null, week.BrierScore is not null]);
        if (!understood)
            Assert.StartsWith($"the label '{positive}' is neither positive", week.Note, StringComparison.Ordinal);
        Assert.Equal(200, week.Labelled);
    }

    [Fact]
    public void Of_one_class_the_rate_is_told_and_nothing_else()
    {
        var rows = Rows(At("2001-02-12"), 200);
        var week = Assert.Single(WeeklyPerformance.Of(rows with { Labels = [.. rows.Labels.Select(_ => "0")] }));
        Assert.Equal<(double?, double?, double?)>((0, null, null), (week.LateRate, week.RocAuc, week.BrierScore));
        Assert.Equal("every label is negative: ROC AUC and Brier score need both classes", week.Note);
    }

    [Fact]
    public void Without_scores_the_rate_is_told_and_nothing_else()
    {
        var rows = Rows(At("2001-02-12"), 200);
        var week = Assert.Single(WeeklyPerformance.Of(rows with { Scores = [.. rows.Scores.Select(_ => double.NaN)] }));
        Assert.Equal<(double?, double?, double?)>((0.25, null, null), (week.LateRate, week.RocAuc, week.BrierScore));
        Assert.Equal("0 of the 200 labelled rows have a score: ROC AUC and Brier score need 100", week.Note);
    }

    [Fact]
    public void Scores_that_are_no_probabilities_rank_and_have_no_Brier_score()
    {
        var rows = Rows(At("2001-02-12"), 200);
        var week = Assert.Single(WeeklyPerformance.Of(rows with { Scores = [.. rows.Scores.Select(s => s * 8)] }));
        Assert.Equal(Assert.Single(WeeklyPerformance.Of(rows)).RocAuc, week.RocAuc);
        Assert.Null(week.BrierScore);
        Assert.Contains("which is no probability", week.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void The_delay_of_labels_is_told_in_hours()
    {
        var rows = Rows(At("2001-02-12"), 101);
        var week = Assert.Single(WeeklyPerformance.Of(rows with { LabelsKnownAt = [.. rows.EventTimes.Select((at, row) => at + (row * Hour))] }));
        Assert.Equal<(double?, double?)>((50, 95), (week.LabelDelayP50Hours, week.LabelDelayP95Hours));
    }

    private static long At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToMicros();

    private static JsonElement Oracle() =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests/Baton.UnitTests/oracles/metrics.json"))).RootElement.GetProperty("cases");

    /// <summary>Labelled rows from a time on, every fourth positive, with scores that know a little about it.</summary>
    private static LabelledPredictions Rows(long from, int count, long step = 60_000_000)
    {
        long[] times = [.. Enumerable.Range(0, count).Select(row => from + (row * step))];
        return new LabelledPredictions
        {
            EventTimes = times,
            Scores = [.. Enumerable.Range(0, count).Select(row => (row * 37 % 101 / 150.0) + (row % 4 == 0 ? 0.2 : 0))],
            Versions = [.. Enumerable.Repeat("1", count)],
            Labels = [.. Enumerable.Range(0, count).Select(row => row % 4 == 0 ? "1" : "0")],
            LabelsKnownAt = [.. times.Select(at => (long?)(at + Hour))],
            NewestLabelAt = times[^1] + Hour,
        };
    }
}
