using Baton.Contracts;

namespace Baton.UnitTests.Verification.PlantedLies;

/// <summary>One handover with one fault, and the clause that must catch it.</summary>
/// <param name="Name">What was done, in words.</param>
/// <param name="Clause">The clause.</param>
/// <param name="PlantAsync">Makes the handover from a seed.</param>
internal sealed record Lie(string Name, string Clause, Func<int, Task<Handoff>> PlantAsync)
{
    /// <summary>What the clause may say: a fault is a fail; what cannot be measured here is not.</summary>
    public IReadOnlyList<Verdict> Caught { get; init; } = [Verdict.Fail];

    /// <summary>A text that the clause's reason or rows must hold.</summary>
    public string? Names { get; init; }

    /// <summary>A lie about the credit model.</summary>
    public static Lie OfCredit(string name, string clause, Action<Handoff, Random> plant, string? clauses = null, CreditModel? model = null, int rows = 3000) => new(name, clause, seed =>
    {
        var handoff = Honest.Credit(seed, rows, model);
        if (clauses is not null)
            handoff.Clauses = clauses;
        plant(handoff, new Random(seed + 1));
        return Task.FromResult(handoff);
    });

    /// <inheritdoc />
    public override string ToString() => Name;
}
