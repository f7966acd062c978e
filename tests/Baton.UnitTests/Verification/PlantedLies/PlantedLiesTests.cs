using Baton.Contracts;
using Baton.Verification;
using Xunit;

namespace Baton.UnitTests.Verification.PlantedLies;

/// <summary>
/// Handovers that are honest, and handovers with one planted fault each: every lie is caught at its own clause, and nobody honest is refused.
/// <c>BATON_LIES_SEEDS=20</c> tries twenty seeds instead of two (docs/contract/truth.md).
/// </summary>
public sealed class PlantedLiesTests
{
    private static readonly Lie[] Lies = [.. ModelLies.All, .. HandoverLies.All];

    private static readonly int Seeds = int.TryParse(Environment.GetEnvironmentVariable("BATON_LIES_SEEDS"), out var seeds) ? seeds : 2;

    public static TheoryData<string, int> Planted => [.. Lies.SelectMany(lie => Enumerable.Range(1, Seeds).Select(seed => (lie.Name, seed)))];

    public static TheoryData<string, int> HonestOnes => [.. HonestHandoffs.Names.SelectMany(name => Enumerable.Range(1, Seeds).Select(seed => (name, seed)))];

    [Fact]
    public void There_are_at_least_forty_lies_each_of_its_own_name()
    {
        Assert.InRange(Lies.Length, 40, 1000);
        Assert.Equal(Lies.Length, Lies.DistinctBy(l => l.Name).Count());
    }

    [Theory]
    [MemberData(nameof(Planted))]
    public async Task A_lie_is_caught_at_its_own_clause(string name, int seed)
    {
        var lie = Lies.Single(l => l.Name == name);
        using var handoff = await lie.PlantAsync(seed);

        var evidence = await Verifier.VerifyAsync(await handoff.HandOverAsync(), null, TestContext.Current.CancellationToken);

        Assert.NotEqual(Verdict.Pass, evidence.Verdict);
        var clause = evidence.Clauses.SingleOrDefault(c => c.Name == lie.Clause);
        Assert.True(clause is not null, $"no clause {lie.Clause} among {string.Join(", ", evidence.Clauses.Select(c => c.Name))}");
        Assert.True(lie.Caught.Contains(clause.Verdict), $"{clause.Name} says {clause.Verdict}: {clause.Reason}\n{Told(evidence)}");
        if (lie.Names is { } text)
            Assert.Contains(text, $"{clause.Reason} {clause.DifferingRowCount}", StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(HonestOnes))]
    public async Task An_honest_handover_is_not_refused(string name, int seed)
    {
        using var handoff = await HonestHandoffs.MakeAsync(name, seed);

        var evidence = await Verifier.VerifyAsync(await handoff.HandOverAsync(), null, TestContext.Current.CancellationToken);

        Assert.All(evidence.Clauses, c => Assert.True(c.Verdict is Verdict.Pass or Verdict.Inconclusive, $"{c.Name} says {c.Verdict}: {c.Reason}"));
    }

    private static string Told(Evidence evidence) => string.Join("\n", evidence.Clauses.Select(c => $"  {c.Name}: {c.Verdict} {c.Reason}"));
}
