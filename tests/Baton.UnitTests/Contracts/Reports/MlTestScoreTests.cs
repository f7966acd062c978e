using Baton.Contracts;
using Baton.Contracts.Reports;
using Xunit;

namespace Baton.UnitTests.Contracts.Reports;

public sealed class MlTestScoreTests
{
    [Fact]
    public void There_are_seven_tests_in_each_of_four_groups_and_the_weakest_is_the_score()
    {
        var score = MlTestScore.Of(ReportSample.Subject);

        Assert.Equal(28, score.Tests.Select(t => t.Id).Distinct().Count());
        Assert.All(score.Groups, g => Assert.Equal(7, score.Of(g.Name).Count()));
        Assert.Equal(score.Groups.Min(g => g.Sum), score.Total);
        Assert.Equal((0.5, 1.0), (Mark(score, "M1"), Mark(score, "M6")));
        Assert.All(score.Tests, t => Assert.True(t.Mark is 0 or 0.5 or 1 && t.Why.Length > 0, t.Id));
    }

    [Fact]
    public void Evidence_alone_earns_what_it_shows_and_nothing_that_it_does_not()
    {
        var score = MlTestScore.Of(new ReportSubject(ReportSample.Evidence with { Clauses = [] }));

        Assert.Equal((0, 0), (score.Total, score.Automatic));
    }

    [Theory]
    [InlineData(Verdict.Pass, 1)]
    [InlineData(Verdict.Fail, 0)]
    public void A_check_of_ones_own_earns_the_test_it_is_named_for(Verdict verdict, double mark)
    {
        var own = new ClauseResult { Name = "checks.d2_ablation", Verdict = verdict, Evidence = EvidenceLevel.ReExecuted, Demanded = "at most 0", Reason = "" };

        Assert.Equal(mark, Mark(MlTestScore.Of(new ReportSubject(ReportSample.Evidence with { Clauses = [own] })), "D2"));
    }

    [Fact]
    public void One_slice_that_fails_takes_the_mark_away()
    {
        var failing = ReportSample.Evidence.Clauses.Select(c => c.Name.Contains(".slices.", StringComparison.Ordinal) ? c with { Verdict = Verdict.Fail } : c).ToList();

        Assert.Equal(0, Mark(MlTestScore.Of(ReportSample.Subject with { Evidence = ReportSample.Evidence with { Clauses = failing } }), "M6"));
    }

    private static double Mark(MlTestScore score, string id) => score.Tests.Single(t => t.Id == id).Mark;
}
