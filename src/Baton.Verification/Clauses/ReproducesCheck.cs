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
    private const int TextsShown = 5;

    /// <summary>Compares the answers of the model with those that were handed over.</summary>
    /// <param name="clause">The demand.</param>
    /// <param name="ids">Row ids.</param>
    /// <param name="stored">Answers of the training framework.</param>
    /// <param name="rerun">Answers of the model when run here.</param>
    public static ClauseResult Judge(ReproducesClause clause, IReadOnlyList<string> ids, Answers stored, Answers rerun)
    {
        if (ids.Count == 0)
            return Unmeasured(clause, Verdict.Fail, "The reference predictions have no row; hand over some.");
        if (Likeness.Of(stored, rerun, clause) is not { } likeness)
        {
            return Unmeasured(clause, Verdict.NotRun, "There is nothing to compare: the claims must name a score or a prediction, "
                + "both among the columns of the reference predictions and in the interface.");
        }

        if (clause.TopK is not null && (stored.ClassScores is null || rerun.ClassScores is null))
        {
            return Unmeasured(clause, Verdict.NotRun, "The best classes cannot be compared: the claims must name the columns of the classes' scores "
                + "(reference_predictions.columns.scores) and the whole output that gives them (interface.score without a column).");
        }

        var rows = Enumerable.Range(0, ids.Count).Select(likeness.Row).ToList();
        var differing = Enumerable.Range(0, ids.Count).Where(i => !rows[i].Same)
            .OrderByDescending(i => rows[i].Difference).ThenBy(i => ids[i], StringComparer.Ordinal).ToList();
        var share = 1 - ((double)differing.Count / ids.Count);
        var faults = Faults(clause, ids, stored, rerun, rows, differing, share).ToList();
        return new ClauseResult
        {
            Name = Name,
            Verdict = faults.Count == 0 ? Verdict.Pass : Verdict.Fail,
            Evidence = EvidenceLevel.ReExecuted,
            Demanded = Demands.Of(clause),
            Unit = "share of rows",
            Measured = share,
            Bound = new Bound(Min: clause.MinShare),
            Reason = faults.Count > 0 ? string.Join(" ", faults) : Agreement(clause, ids, rows, differing, share),
            Facts = [.. Facts(clause, ids, stored, rerun, rows, likeness, differing)],
            DifferingRows = [.. differing.Take(Listed).Select(i => new DifferingRow(ids[i], rows[i].Expected, rows[i].Actual))],
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

    private static IEnumerable<string> Faults(
        ReproducesClause clause, IReadOnlyList<string> ids, Answers stored, Answers rerun, List<RowLikeness> rows, List<int> differing, double share)
    {
        var strange = differing.Where(i => double.IsFinite(rows[i].Expected) && !double.IsFinite(rows[i].Actual) && !rows[i].Texts).ToList();
        if (strange.Count > 0)
            yield return $"The model gives no finite number for {Phrases.Count(strange.Count, "row")} where its author saw one: {Phrases.Some([.. strange.Select(i => ids[i])])}.";
        if (share < clause.MinShare)
        {
            yield return $"Only {Phrases.Share(share)} of {Phrases.Number(ids.Count)} rows agree, and {Phrases.Share(clause.MinShare)} are demanded: "
                + $"{Differ(clause, differing, rows)}; {Worst(ids, differing, rows)}. Export the model anew, or check that preprocessing is inside it.";
        }

        if (clause.Error is { } error && !rows[0].Texts && Percentile(rows, error.Percentile) is var found && !(found <= error.Max))
            yield return $"p{Plain(error.Percentile)} of the differences is {Number(found)}, and at most {Number(error.Max)} is allowed.";
        if (clause.TopK is { } top && SameBest(top.K, stored, rerun) is var same && same < top.MinShare)
            yield return $"The best {Classes(top.K)} the same in only {Phrases.Share(same)} of the rows, and {Phrases.Share(top.MinShare)} are demanded.";
    }

    private static IEnumerable<Fact> Facts(
        ReproducesClause clause, IReadOnlyList<string> ids, Answers stored, Answers rerun, List<RowLikeness> rows, Likeness likeness, List<int> differing)
    {
        yield return new Fact("rows", Phrases.Number(ids.Count));
        yield return new Fact("compared", likeness.What);
        if (!rows[0].Texts)
            yield return new Fact("largest difference", Number(rows.Max(r => r.Difference)));
        if (clause.Error is { } error && !rows[0].Texts)
            yield return new Fact($"p{Plain(error.Percentile)} of the differences", Number(Percentile(rows, error.Percentile)));
        if (clause.TopK is { } top)
            yield return new Fact($"best {Classes(top.K)} the same", Phrases.Share(SameBest(top.K, stored, rerun)));
        if (Flips(stored.Predictions, rerun.Predictions) is { } flips)
            yield return new Fact("predictions that differ", Phrases.Number(flips));
        if (rows[0].Texts)
        {
            foreach (var i in differing.Take(TextsShown))
                yield return new Fact(ids[i], $"'{stored.Predictions![i]}' was handed over, '{rerun.Predictions![i]}' comes from the model");
        }
    }

    private static string Agreement(ReproducesClause clause, IReadOnlyList<string> ids, List<RowLikeness> rows, List<int> differing, double share) => differing.Count == 0
        ? $"Loaded from the package alone, the model gives the author's numbers on all {Phrases.Number(ids.Count)} rows."
        : $"{Phrases.Share(share)} of {Phrases.Number(ids.Count)} rows agree; {Differ(clause, differing, rows)}, and {Worst(ids, differing, rows)}.";

    private static string Differ(ReproducesClause clause, List<int> differing, List<RowLikeness> rows) =>
        $"{Phrases.Count(differing.Count, "row")} {(differing.Count == 1 ? "differs" : "differ")}"
        + (rows[0].Texts ? "" : $" by more than {Number(clause.Within)}{(clause.Relative is { } relative ? $" + {Number(relative)} × the score" : "")}");

    private static string Worst(IReadOnlyList<string> ids, List<int> differing, List<RowLikeness> rows) => rows[0].Texts
        ? $"the first is row {ids[differing[0]]}"
        : $"the largest difference is {Number(rows[differing[0]].Difference)}, in row {ids[differing[0]]}";

    /// <summary>The least difference that this share of rows keeps to.</summary>
    private static double Percentile(List<RowLikeness> rows, double percentile)
    {
        double[] sorted = [.. rows.Select(r => r.Difference).Order()];
        return sorted[Math.Clamp((int)Math.Ceiling(percentile / 100 * sorted.Length) - 1, 0, sorted.Length - 1)];
    }

    /// <summary>Share of rows whose K best classes are the reference's; of classes that tie there, any will do.</summary>
    private static double SameBest(int k, Answers stored, Answers rerun)
    {
        var same = 0;
        for (var row = 0; row < stored.ClassScores!.Length; row++)
        {
            var (expected, actual) = (stored.ClassScores[row], rerun.ClassScores![row]);
            var last = expected.OrderDescending().ElementAt(Math.Min(k, expected.Length) - 1);
            if (expected.Length == actual.Length && Enumerable.Range(0, actual.Length).OrderByDescending(c => actual[c]).Take(k).All(c => expected[c] >= last))
                same++;
        }

        return (double)same / stored.ClassScores.Length;
    }

    private static long? Flips(PredictedValues? stored, PredictedValues? rerun) =>
        stored is null || rerun is null || stored.Count != rerun.Count ? null : Enumerable.Range(0, stored.Count).LongCount(i => stored[i] != rerun[i]);

    private static string Classes(int k) => k == 1 ? "class is" : $"{k} classes are";

    private static string Plain(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Number(double value) =>
        double.IsInfinity(value) ? "not a number" : value.ToString(value is 0 or >= 1e-4 ? "0.######" : "0.##e0", CultureInfo.InvariantCulture);
}
