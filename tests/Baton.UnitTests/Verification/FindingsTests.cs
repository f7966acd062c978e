using Baton.Contracts;
using Baton.Verification;
using Baton.Verification.Reference;
using Xunit;

namespace Baton.UnitTests.Verification;

public sealed class FindingsTests
{
    private static readonly Contract Contract = ContractParser.ParseOrThrow(
        "model: m\nclauses:\n  reproduces: {evidence: re-executed}\n  metrics: {accuracy: {min: 0.5}, f1: {min: 0.5}}\n  package: {size: {max: 1 MiB}}\n");

    [Fact]
    public async Task A_check_that_breaks_costs_its_own_clause_and_no_other()
    {
        var findings = new Findings(Contract);
        await findings.AddAsync("metrics.accuracy", ClauseResult () => throw new InvalidOperationException("Boom."));
        await findings.AddAsync("metrics.f1", ClauseResult () => throw new ReferenceException("There is no truth."));
        await findings.AddAsync("package.size", () => Pass("package.size", EvidenceLevel.Extracted));
        var found = findings.InOrder().ToDictionary(c => c.Name);

        Assert.Equal((Verdict.NotRun, "The check broke off: InvalidOperationException: Boom."), (found["metrics.accuracy"].Verdict, found["metrics.accuracy"].Reason));
        Assert.Equal((Verdict.Fail, "There is no truth."), (found["metrics.f1"].Verdict, found["metrics.f1"].Reason));
        Assert.Equal(Verdict.Pass, found["package.size"].Verdict);
    }

    [Fact]
    public void A_clause_that_nobody_measured_comes_back_as_not_run()
    {
        var found = new Findings(Contract).InOrder();

        Assert.Equal(Contract.ClauseNames, found.Select(c => c.Name));
        Assert.All(found, c => Assert.Equal(Verdict.NotRun, c.Verdict));
    }

    [Theory]
    [InlineData(EvidenceLevel.Replayed, Verdict.Pass, Verdict.NotRun)]
    [InlineData(EvidenceLevel.ReExecuted, Verdict.Pass, Verdict.Pass)]
    [InlineData(EvidenceLevel.Measured, Verdict.Pass, Verdict.Pass)]
    [InlineData(EvidenceLevel.Replayed, Verdict.Fail, Verdict.Fail)]
    public async Task Evidence_below_the_rung_that_is_asked_for_does_not_pass(EvidenceLevel evidence, Verdict verdict, Verdict expected)
    {
        var findings = new Findings(Contract);
        await findings.AddAsync("reproduces", () => Pass("reproduces", evidence) with { Verdict = verdict });

        Assert.Equal(expected, findings.InOrder()[0].Verdict);
    }

    [Fact]
    public async Task A_verification_that_is_stopped_is_not_taken_for_a_broken_check() =>
        await Assert.ThrowsAsync<OperationCanceledException>(() => new Findings(Contract).AddAsync("reproduces", ClauseResult () => throw new OperationCanceledException()));

    private static ClauseResult Pass(string name, EvidenceLevel evidence) => Found.Unmeasured(name, "", evidence, Verdict.Pass, "Well.");
}
