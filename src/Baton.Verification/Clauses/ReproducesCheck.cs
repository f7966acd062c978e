using System.Globalization;
using Baton.Contracts;
using Baton.Verification.Reference;

namespace Baton.Verification.Clauses;

/// <summary><c>reproduces</c>: loaded from the package alone in a clean process, the model gives the numbers its author saw.</summary>
internal static class ReproducesCheck
{
    /// <summary>The clause's name.</summary>
    public const string Name = "reproduces";

    private const int Listed = 1000;

    /// <summary>Compares the answers of the model with those that were handed over.</summary>
    /// <param name="clause">The demand.</param>
    /// <param name="ids">Row ids.</param>
    /// <param name="stored">Answers of the training framework.</param>
    /// <param name="rerun">Answers of the model when run here.</param>
    public static ClauseResult Judge(ReproducesClause clause, IReadOnlyList<string> ids, Answers stored, Answers rerun)
    {
        if (Answers.Alike(stored, rerun) is not var (expected, actual))
        {
            return Unmeasured(clause, Verdict.NotRun, "There is no number to compare: the claims must name a score, or a numeric prediction, "
                + "both among the columns of the reference predictions and in the interface.");
        }

        var differing = new List<(double Difference, DifferingRow Row)>();
        var largest = 0d;
        for (var i = 0; i < ids.Count; i++)
        {
            // Two that are not numbers agree; one that is not differs more than any number can.
            var difference = double.IsNaN(expected[i]) && double.IsNaN(actual[i]) || expected[i] == actual[i] ? 0 : Math.Abs(expected[i] - actual[i]);
            difference = double.IsNaN(difference) ? double.PositiveInfinity : difference;
            largest = Math.Max(largest, difference);
            if (difference > clause.Within)
                differing.Add((difference, new DifferingRow(ids[i], expected[i], actual[i])));
        }

        differing.Sort((a, b) => b.Difference != a.Difference ? b.Difference.CompareTo(a.Difference) : string.CompareOrdinal(a.Row.Id, b.Row.Id));
        var share = ids.Count == 0 ? 0 : 1 - (double)differing.Count / ids.Count;
        var passes = ids.Count > 0 && share >= clause.MinShare;
        var facts = new List<Fact> { new("rows", Phrases.Number(ids.Count)), new("largest difference", Number(largest)) };
        if (Flips(stored.Predictions, rerun.Predictions) is { } flips)
            facts.Add(new Fact("predictions that differ", Phrases.Number(flips)));
        return new ClauseResult
        {
            Name = Name,
            Verdict = passes ? Verdict.Pass : Verdict.Fail,
            Evidence = EvidenceLevel.ReExecuted,
            Demanded = Demands.Of(clause),
            Unit = "share of rows",
            Measured = share,
            Bound = new Bound(Min: clause.MinShare),
            Reason = Reason(clause, ids.Count, differing, share, passes),
            Facts = facts,
            DifferingRows = [.. differing.Take(Listed).Select(d => d.Row)],
            DifferingRowCount = differing.Count,
        };
    }

    /// <summary>Nothing was measured: the model could not be run (fail), or there is nothing to compare with (not run).</summary>
    public static ClauseResult Unmeasured(ReproducesClause clause, Verdict verdict, string reason) => new()
    {
        Name = Name,
        Verdict = verdict,
        Evidence = EvidenceLevel.ReExecuted,
        Demanded = Demands.Of(clause),
        Unit = "share of rows",
        Bound = new Bound(Min: clause.MinShare),
        Reason = reason,
    };

    private static string Reason(ReproducesClause clause, int rows, List<(double Difference, DifferingRow Row)> differing, double share, bool passes)
    {
        if (rows == 0)
            return "The reference predictions have no row; hand over some.";
        if (differing.Count == 0)
            return $"Loaded from the package alone, the model gives the author's numbers on all {Phrases.Number(rows)} rows.";
        var differ = $"{Phrases.Count(differing.Count, "row")} {(differing.Count == 1 ? "differs" : "differ")} by more than {Number(clause.Within)}";
        var worst = $"the largest difference is {Number(differing[0].Difference)}, in row {differing[0].Row.Id}";
        return passes
            ? $"{Phrases.Share(share)} of {Phrases.Number(rows)} rows agree; {differ}, and {worst}."
            : $"Only {Phrases.Share(share)} of {Phrases.Number(rows)} rows agree, and {Phrases.Share(clause.MinShare)} are demanded: {differ}; {worst}. "
                + "Export the model anew, or check that preprocessing is inside it.";
    }

    private static long? Flips(PredictedValues? stored, PredictedValues? rerun) =>
        stored is null || rerun is null || stored.Count != rerun.Count ? null : Enumerable.Range(0, stored.Count).LongCount(i => stored[i] != rerun[i]);

    private static string Number(double value) =>
        double.IsInfinity(value) ? "not a number" : value.ToString(value is 0 or >= 1e-4 ? "0.######" : "0.##e0", CultureInfo.InvariantCulture);
}
