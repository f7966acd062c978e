using Baton.Contracts;
using Baton.Inference;
using Baton.Storage.Tables;

namespace Baton.Verification.Drafting;

/// <summary>
/// Which columns fill an input of several values a row. Exporters make one tensor of a whole table, so the columns are those left over once id, truth and
/// answers are taken, where they are as many as the input is wide.
/// </summary>
internal static class InputGuess
{
    /// <summary>The columns, with those of such an input named; as they were where there is nothing to guess or the guess would not be the only one.</summary>
    public static ReferenceColumns Complete(ReferenceColumns columns, IReadOnlyList<TensorSpec> inputs, TableHead head)
    {
        if (columns.Inputs is not null || inputs.Where(i => Width(i) > 1).ToList() is not [var wide] || head.Columns.Contains($"{wide.Name}[0]"))
            return columns;
        HashSet<string?> taken =
            [columns.Id, columns.Label, columns.Prediction, columns.Score, columns.Weight, columns.Query, .. columns.Scores ?? [], .. inputs.Where(i => i != wide).Select(i => i.Name)];
        var left = head.Columns.Where(c => !taken.Contains(c) && !IsAnswer(c)).ToList();
        return left.Count != Width(wide)
            ? columns
            : columns with { Inputs = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { [wide.Name] = left } };
    }

    private static long Width(TensorSpec input) => input.Shape.Skip(1).Aggregate(1L, (product, d) => product * Math.Max(d, 1));

    private static bool IsAnswer(string column) =>
        column.StartsWith("score", StringComparison.OrdinalIgnoreCase) || column.StartsWith("proba", StringComparison.OrdinalIgnoreCase);
}
