using System.Globalization;
using Baton.Contracts;
using Baton.Inference;
using Baton.Storage.Tables;
using Baton.Verification.Reference;

namespace Baton.Verification.Clauses.Training;

/// <summary>How training and test data are parted: <c>data.overlap</c> (no row of one is in the other) and <c>data.time_order</c> (the test is later).</summary>
internal static class SplitCheck
{
    private const int Shown = 5;

    /// <summary>No value of the key column is in both. Rows that only look alike are told, not judged: two people may well be alike.</summary>
    public static ClauseResult Overlap(string demanded, string key, ReferenceRows test, TrainingRows training, IReadOnlyList<TensorSpec>? inputs)
    {
        ClauseResult Of(Verdict verdict, string reason) => Found.Unmeasured("data.overlap", demanded, EvidenceLevel.Replayed, verdict, reason);
        if (training.Table is not { } trained)
            return Of(Verdict.NotRun, training.Missing!);
        if (Lacking(key, test, trained) is { } lacking)
            return Of(Verdict.NotRun, lacking);
        var known = trained[key].AsStrings().ToHashSet(StringComparer.Ordinal);
        var both = test.Table[key].AsStrings().Where(known.Contains).Distinct(StringComparer.Ordinal).ToList();
        var result = both.Count == 0
            ? Of(Verdict.Pass, $"No {key} of {Phrases.Number(test.Count)} test rows is among {Phrases.Number(trained.Rows)} training rows.")
            : Of(Verdict.Fail, $"{Phrases.Count(both.Count, "value")} of {key} {(both.Count == 1 ? "is" : "are")} in the training data and in the test data: {Phrases.Some(both, Shown)}. "
                + "Take those rows out of the test, or train without them.");
        return result with
        {
            Unit = "rows",
            Measured = both.Count,
            Bound = new Bound(Max: 0),
            Facts = [.. Twins(test, trained, inputs)],
        };
    }

    /// <summary>Every test row is later than every training row.</summary>
    public static ClauseResult TimeOrder(string demanded, string time, ReferenceRows test, TrainingRows training)
    {
        ClauseResult Of(Verdict verdict, string reason) => Found.Unmeasured("data.time_order", demanded, EvidenceLevel.Replayed, verdict, reason);
        if (training.Table is not { } trained)
            return Of(Verdict.NotRun, training.Missing!);
        if (Lacking(time, test, trained) is { } lacking)
            return Of(Verdict.NotRun, lacking);
        var (before, after) = (Instants(trained[time]), Instants(test.Table[time]));
        if (before is null || after is null || before.Any(double.IsNaN) || after.Any(double.IsNaN))
            return Of(Verdict.Fail, $"Column {time} has rows without a time, or texts that are none (ISO 8601).");
        if (before.Length == 0 || after.Length == 0)
            return Of(Verdict.NotRun, "There is no row to compare.");
        var last = before.Max();
        var early = Enumerable.Range(0, after.Length).Where(i => after[i] <= last).ToList();
        var latest = trained[time].AsStrings()[Array.IndexOf(before, last)];
        return (early.Count == 0
            ? Of(Verdict.Pass, $"All {Phrases.Number(after.Length)} test rows are later than the last training row ({latest}).")
            : Of(Verdict.Fail, $"{Phrases.Count(early.Count, "test row")} {(early.Count == 1 ? "is" : "are")} not later than the last training row ({latest}): "
                + $"{Phrases.Some([.. early.Take(Shown + 1).Select(i => test.Ids[i])], Shown)}. Split by time: train on what came before.")) with
        {
            Unit = "rows",
            Measured = early.Count,
            Bound = new Bound(Max: 0),
        };
    }

    private static IEnumerable<Fact> Twins(ReferenceRows test, Table trained, IReadOnlyList<TensorSpec>? inputs)
    {
        var columns = test.Table.Columns.Select(c => c.Name).Where(name => IsInput(name, inputs)).ToList();
        if (columns.Count == 0 || columns.Any(c => trained.Find(c) is null))
        {
            yield return new Fact("rows alike by their features", "not counted: the training data has not all columns of the model's inputs");
            yield break;
        }

        var known = Features(trained, columns).ToHashSet(StringComparer.Ordinal);
        var alike = Features(test.Table, columns).Index().Where(f => known.Contains(f.Item)).Select(f => test.Ids[f.Index]).ToList();
        yield return new Fact("rows alike by their features", alike.Count == 0
            ? "no test row has the features of a training row"
            : $"{Phrases.Count(alike.Count, "test row")} with the same features as a training row: {Phrases.Some(alike, Shown)}");
    }

    private static bool IsInput(string column, IReadOnlyList<TensorSpec>? inputs) =>
        inputs is not null && inputs.Any(i => i.Name == column || column.StartsWith(i.Name + "[", StringComparison.Ordinal));

    private static IEnumerable<string> Features(Table table, List<string> columns)
    {
        var values = columns.Select(c => table[c].AsStrings()).ToList();
        return Enumerable.Range(0, table.Rows).Select(row => string.Join('\u001f', values.Select(v => v[row])));
    }

    private static string? Lacking(string column, ReferenceRows test, Table trained) =>
        test.Table.Find(column) is null ? $"The test data has no column {column}, which the contract names; hand it over among the columns of the reference predictions."
        : trained.Find(column) is null ? $"The training data has no column {column}, which the contract names; hand it over with it."
        : null;

    private static double[]? Instants(Column column) => column.Values switch
    {
        DateTime[] times => [.. times.Select((t, i) => column.Nulls?[i] == true ? double.NaN : t.Ticks)],
        DateOnly[] days => [.. days.Select((d, i) => column.Nulls?[i] == true ? double.NaN : d.ToDateTime(TimeOnly.MinValue).Ticks)],
        string[] texts => [.. texts.Select(t => DateTime.TryParse(t, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var time) ? time.Ticks : double.NaN)],
        bool[] => null,
        _ => column.AsDoubles(),
    };
}
