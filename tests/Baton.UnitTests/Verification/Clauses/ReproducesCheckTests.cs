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

    [Fact]
    public void A_relative_tolerance_grows_with_the_reference()
    {
        var stored = new Answers([1000, 0.1], null);
        var rerun = new Answers([1000.5, 0.10005], null);

        Assert.Equal(Verdict.Fail, ReproducesCheck.Judge(new ReproducesClause(), ["a", "b"], stored, rerun).Verdict);
        Assert.Equal(Verdict.Pass, ReproducesCheck.Judge(new ReproducesClause { Relative = 1e-3 }, ["a", "b"], stored, rerun).Verdict);
        Assert.Equal("a", ReproducesCheck.Judge(new ReproducesClause { Relative = 1e-4 }, ["a", "b"], stored, rerun).DifferingRows.Single().Id);
    }

    [Theory]
    [InlineData(99, 0.0, Verdict.Pass)] // ten of a thousand differ: 99 % do not
    [InlineData(99.5, 0.0, Verdict.Fail)]
    [InlineData(99.5, 0.2, Verdict.Pass)]
    public void A_percentile_of_the_differences_has_a_bound_of_its_own(double percentile, double max, Verdict expected)
    {
        var clause = new ReproducesClause { MinShare = 0, Error = new ErrorPercentile(percentile, max) };
        var rerun = new Answers(Scores([.. Enumerable.Range(0, 10).Select(i => (i, 0.2))]), null);

        Assert.Equal(expected, ReproducesCheck.Judge(clause, Ids, new Answers(Scores(), null), rerun).Verdict);
    }

    [Theory]
    [InlineData(0.4, 0.35, 0.25, Verdict.Pass)]
    [InlineData(0.35, 0.4, 0.25, Verdict.Fail)]
    public void The_best_class_must_stay_the_best(double first, double second, double third, Verdict expected)
    {
        var clause = new ReproducesClause { Within = 0.1, TopK = new TopKAgreement() };
        var stored = new Answers(null, null) { ClassScores = [[0.4, 0.35, 0.25]] };
        var result = ReproducesCheck.Judge(clause, ["a"], stored, new Answers(null, null) { ClassScores = [[first, second, third]] });

        Assert.Equal(expected, result.Verdict);
        Assert.Equal(Verdict.Pass, ReproducesCheck.Judge(clause with { TopK = new TopKAgreement { K = 2 } }, ["a"], stored, new Answers(null, null) { ClassScores = [[first, second, third]] }).Verdict);
    }

    [Fact]
    public void The_best_classes_need_the_scores_of_the_classes()
    {
        var scores = new Answers([0.1], null);

        Assert.Equal(Verdict.NotRun, ReproducesCheck.Judge(new ReproducesClause { TopK = new TopKAgreement() }, ["a"], scores, scores).Verdict);
    }

    [Fact]
    public void No_share_of_rows_excuses_an_answer_that_is_no_number() =>
        Assert.Equal(Verdict.Fail, ReproducesCheck.Judge(Clause with { MinShare = 0.5 }, Ids, new Answers(Scores(), null), new Answers(Scores((3, double.PositiveInfinity)), null)).Verdict);

    [Fact]
    public void Predictions_in_words_are_compared_as_words()
    {
        var stored = new Answers(null, new PredictedValues(["mit", "gpl", "bsd"]));
        var result = ReproducesCheck.Judge(new ReproducesClause(), ["a", "b", "c"], stored, new Answers(null, new PredictedValues(["mit", "mit", "bsd"])));

        Assert.Equal((Verdict.Fail, "b"), (result.Verdict, result.DifferingRows.Single().Id));
        Assert.Contains(new Fact("b", "'gpl' was handed over, 'mit' comes from the model"), result.Facts);
        Assert.Equal(Verdict.Pass, ReproducesCheck.Judge(new ReproducesClause(), ["a", "b", "c"], stored, stored).Verdict);
    }

    [Fact]
    public void Another_number_of_classes_is_another_model() => Assert.Equal(Verdict.Fail, ReproducesCheck.Judge(
        new ReproducesClause(), ["a"], new Answers(null, null) { ClassScores = [[0.5, 0.5]] }, new Answers(null, null) { ClassScores = [[0.5, 0.3, 0.2]] }).Verdict);

    private static ClauseResult Judge(double[] rerun) => ReproducesCheck.Judge(Clause, Ids, new Answers(Scores(), null), new Answers(rerun, null));

    private static double[] Scores(params (int Row, double Score)[] others)
    {
        var scores = Enumerable.Repeat(0.1, 1000).ToArray();
        foreach (var (row, score) in others)
            scores[row] = score;
        return scores;
    }
}
