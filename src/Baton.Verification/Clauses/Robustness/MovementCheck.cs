using Baton.Contracts;
using Baton.Verification.Reference;

namespace Baton.Verification.Clauses.Robustness;

/// <summary>How scores move with a column: <c>robustness.invariant</c> (they do not) and <c>robustness.direction.COLUMN</c> (they do not go the other way).</summary>
internal static class MovementCheck
{
    private const double Unmoved = 1e-6;
    private const double Slack = 1e-9;

    // A small step and a large one: what holds for one need not for the other.
    private static readonly double[] Steps = [0.25, 1];

    /// <summary>Shuffles each column and compares the answers.</summary>
    public static async Task<ClauseResult> InvariantAsync(
        Func<Verdict, string, ClauseResult> unmeasured, IReadOnlyList<string> columns, Probe probe, int seed, CancellationToken cancellation)
    {
        var (faults, facts) = (new List<string>(), new List<Fact>());
        foreach (var name in columns)
        {
            if (probe.InputOf(name) is null)
            {
                facts.Add(new Fact(name, "the model does not take it"));
                continue;
            }

            var probed = await probe.AskAsync(probe.Rows.Replacing([Perturbation.Shuffled(probe.Rows.Column(name, "input of the model"), seed)]), cancellation);
            if (probed.Answers is not { } answers)
            {
                faults.Add($"{name} shuffled: {probed.Fault!.TrimEnd('.')}");
                continue;
            }

            var moved = Enumerable.Range(0, probe.Rows.Count).Where(i => Answers.Distance(probe.Answers, i, answers, i) > Unmoved).ToList();
            facts.Add(new Fact(name, moved.Count == 0 ? "moves no answer" : $"moves {Phrases.Count(moved.Count, "answer")}"));
            if (moved.Count > 0)
                faults.Add($"{name} moves {Phrases.Share((double)moved.Count / probe.Rows.Count)} of the answers when its values are shuffled, e.g. that of row {probe.Rows.Ids[moved[0]]}");
        }

        return unmeasured(faults.Count == 0 ? Verdict.Pass : Verdict.Fail, faults.Count == 0
            ? $"Shuffling {Phrases.Some([.. columns])} moves no answer of {Phrases.Number(probe.Rows.Count)} rows."
            : Phrases.Sentence(faults)) with
        { Facts = facts };
    }

    /// <summary>Raises a column and looks which way the scores go.</summary>
    public static async Task<ClauseResult> DirectionAsync(
        Func<Verdict, string, ClauseResult> unmeasured, DirectionClause clause, Probe probe, CancellationToken cancellation)
    {
        if (probe.InputOf(clause.Column) is null)
            return unmeasured(Verdict.NotRun, $"The model does not take {clause.Column}, so no score goes anywhere with it. Take the clause out of the contract.");
        var column = probe.Rows.Column(clause.Column, "input of the model");
        if (!Perturbation.IsNumbers(column))
            return unmeasured(Verdict.NotRun, $"Column {clause.Column} holds {column.TypeName}s; a direction is of numbers.");
        if (Score(probe.Answers) is not { } before)
            return unmeasured(Verdict.NotRun, "The model gives neither one score nor a number that could go up or down; name its score in the claims (interface.score).");
        var holds = Enumerable.Repeat(true, before.Length).ToArray();
        var whole = column.AsDoubles().All(n => double.IsNaN(n) || double.IsInteger(n));
        foreach (var step in Steps.Select(s => s * Perturbation.Deviation(column)).Select(s => whole ? Math.Max(1, Math.Round(s)) : s))
        {
            var probed = await probe.AskAsync(probe.Rows.Replacing([Perturbation.Moved(column, _ => step)]), cancellation);
            if (probed.Answers is not { } answers)
                return unmeasured(Verdict.Fail, $"{clause.Column} raised by {Phrases.Metric(step)}: {probed.Fault}");
            var after = Score(answers)!;
            for (var i = 0; i < holds.Length; i++)
                holds[i] &= clause.Score == "rise" ? after[i] >= before[i] - Slack : after[i] <= before[i] + Slack;
        }

        var share = (double)holds.Count(h => h) / holds.Length;
        var other = Enumerable.Range(0, holds.Length).Where(i => !holds[i]).Select(i => probe.Rows.Ids[i]).ToList();
        return unmeasured(share >= clause.MinShare ? Verdict.Pass : Verdict.Fail,
            $"When {clause.Column} grows, the score does not {(clause.Score == "rise" ? "fall" : "rise")} in {Phrases.Share(share)} of {Phrases.Number(holds.Length)} rows; {Phrases.Share(clause.MinShare)} are demanded."
            + (share >= clause.MinShare ? "" : $" It does in {Phrases.Some(other)}.")) with
        {
            Unit = "share of rows",
            Measured = share,
            Bound = new Bound(Min: clause.MinShare),
        };
    }

    private static double[]? Score(Answers answers) => answers.Scores ?? (answers.ClassScores is null ? answers.Predictions?.Numbers : null);
}
