using Baton.Contracts;
using Baton.Verification.Clauses;
using Baton.Verification.Reference;
using Xunit;

namespace Baton.UnitTests.Verification.Clauses;

public sealed class ReproducesCheckTests
{
    private static readonly ReproducesClause Clause = new() { Within = 1e-4, MinShare = 0.995 };
    private static readonly string[] Ids = [.. Enumerable.Range(0, 1000).Select(i => $"r{i:000}")];

    [Fact]
    public void The_same_numbers_pass()
    {
        var result = Judge(Scores());

        Assert.Equal((Verdict.Pass, 1d, 0L), (result.Verdict, result.Measured!.Number, result.DifferingRowCount));
        Assert.Equal(EvidenceLevel.ReExecuted, result.Evidence);
        Assert.Contains("all 1,000 rows", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_differ_are_listed_worst_first_and_few_of_them_pass()
    {
        var result = Judge(Scores((7, 0.2), (500, 0.31), (12, 0.1002)));

        Assert.Equal(Verdict.Pass, result.Verdict);
        Assert.Equal(["r500", "r007", "r012"], result.DifferingRows.Select(r => r.Id));
        Assert.Equal(new DifferingRow("r500", 0.1, 0.31), result.DifferingRows[0]);
        Assert.Equal(0.997, result.Measured!.Number!.Value, 9);
    }

    [Theory]
    [InlineData(5, Verdict.Pass)] // 99.5 % exactly
    [InlineData(6, Verdict.Fail)]
    public void The_share_decides(int differing, Verdict expected)
    {
        var result = Judge(Scores([.. Enumerable.Range(0, differing).Select(i => (i, 0.5))]));

        Assert.Equal((expected, (long)differing), (result.Verdict, result.DifferingRowCount));
    }

    [Fact]
    public void A_score_that_is_not_a_number_differs_more_than_any_number()
    {
        var result = Judge(Scores((3, double.NaN), (4, 99)));

        Assert.Equal(["r003", "r004"], result.DifferingRows.Select(r => r.Id));
        Assert.Contains("NaN", Documents.Write(result), StringComparison.Ordinal);
        Assert.Equal(double.NaN, Documents.Read<ClauseResult>(Documents.Write(result)).DifferingRows[0].Actual);
    }

    [Fact]
    public void At_most_a_thousand_rows_are_listed_and_all_are_counted()
    {
        string[] ids = [.. Enumerable.Range(0, 3000).Select(i => $"{i}")];
        var result = ReproducesCheck.Judge(Clause, ids, new Answers(new double[3000], null), new Answers([.. Enumerable.Repeat(1d, 3000)], null));

        Assert.Equal((Verdict.Fail, 1000, 3000L), (result.Verdict, result.DifferingRows.Count, result.DifferingRowCount));
    }

    [Fact]
    public void Predictions_that_flip_are_counted()
    {
        var stored = new Answers(Scores(), new PredictedValues(new double[1000]));
        var rerun = new Answers(Scores(), new PredictedValues([1d, 1d, .. new double[998]]));

        Assert.Contains(new Fact("predictions that differ", "2"), ReproducesCheck.Judge(Clause, Ids, stored, rerun).Facts);
    }

    [Fact]
    public void Without_scores_the_predicted_values_are_compared()
    {
        var stored = new Answers(null, new PredictedValues(Scores()));

        Assert.Equal(Verdict.Pass, ReproducesCheck.Judge(Clause, Ids, stored, stored).Verdict);
        Assert.Equal(Verdict.Fail, ReproducesCheck.Judge(Clause, Ids, stored, new Answers(null, new PredictedValues(new double[1000]))).Verdict);
    }

    [Fact]
    public void Like_is_compared_with_like()
    {
        var classes = new PredictedValues(new double[1000]);
        var scoresToo = new Answers(Scores(), classes);

        Assert.Equal(Verdict.Pass, ReproducesCheck.Judge(Clause, Ids, new Answers(null, classes), scoresToo).Verdict);
        Assert.Equal(Verdict.Pass, ReproducesCheck.Judge(Clause, Ids, scoresToo, new Answers(null, classes)).Verdict);
        Assert.Equal(Verdict.NotRun, ReproducesCheck.Judge(Clause, Ids, new Answers(null, classes), new Answers(Scores(), null)).Verdict);
    }

    [Fact]
    public void Without_any_number_nothing_is_run() =>
        Assert.Equal(Verdict.NotRun, ReproducesCheck.Judge(Clause, Ids, new Answers(null, null), new Answers(Scores(), null)).Verdict);

    private static ClauseResult Judge(double[] rerun) => ReproducesCheck.Judge(Clause, Ids, new Answers(Scores(), null), new Answers(rerun, null));

    private static double[] Scores(params (int Row, double Score)[] others)
    {
        var scores = Enumerable.Repeat(0.1, 1000).ToArray();
        foreach (var (row, score) in others)
            scores[row] = score;
        return scores;
    }
}
