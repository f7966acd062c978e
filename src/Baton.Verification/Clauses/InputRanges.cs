using System.Globalization;
using Baton.Contracts;
using Baton.Inference;
using Baton.Storage.Tables;
using Baton.Verification.Reference;

namespace Baton.Verification.Clauses;

/// <summary>Whether rows keep to what the claims say of the inputs: least and greatest value, whether one may be missing, which texts there are.</summary>
internal static class InputRanges
{
    private const int Shown = 3;

    /// <summary>What the rows break, as parts of a sentence.</summary>
    public static IEnumerable<string> Broken(InterfaceClaim claimed, ReferenceRows rows)
    {
        foreach (var input in claimed.Inputs.Where(i => i is { Min: not null } or { Max: not null } or { Nullable: not null } or { Values: not null }))
        {
            foreach (var name in InputColumns.NamesOf(rows.Columns, new TensorSpec(input.Name, input.Datatype, input.Shape)))
            {
                if (rows.Table.Find(name) is { } column)
                {
                    foreach (var fault in Broken(input, column, rows.Ids))
                        yield return fault;
                }
            }
        }
    }

    private static IEnumerable<string> Broken(TensorClaim claim, Column column, string[] ids)
    {
        var missing = Enumerable.Range(0, column.Rows).Where(i => IsMissing(column, i)).ToList();
        if (claim.Nullable == false && missing.Count > 0)
            yield return $"the claims say that no value of `{column.Name}` is missing, and {Phrases.Count(missing.Count, "row")} {(missing.Count == 1 ? "has" : "have")} none ({Named(missing, ids)})";
        if (claim.Values is { } values && column.Values is string[] texts)
        {
            var other = Enumerable.Range(0, texts.Length).Where(i => !IsMissing(column, i) && !values.Contains(texts[i])).ToList();
            if (other.Count > 0)
                yield return $"`{column.Name}` has values that the claims do not list: {Phrases.Some([.. other.Select(i => $"'{texts[i]}'").Distinct()], Shown)} ({Named(other, ids)})";
        }

        if ((claim.Min ?? claim.Max) is null || column.Values is string[] or DateTime[] or DateOnly[])
            yield break;
        var numbers = column.AsDoubles();
        var outside = Enumerable.Range(0, numbers.Length).Where(i => numbers[i] < claim.Min || numbers[i] > claim.Max).ToList();
        if (outside.Count > 0)
        {
            yield return $"the claims say that `{column.Name}` is {Range(claim)}, and {Phrases.Count(outside.Count, "row")} {(outside.Count == 1 ? "is" : "are")} outside, "
                + string.Create(CultureInfo.InvariantCulture, $"e.g. {numbers[outside[0]]:G6} ({Named(outside, ids)})");
        }
    }

    private static bool IsMissing(Column column, int row) => column.Nulls?[row] == true || column.Values switch
    {
        double[] numbers => double.IsNaN(numbers[row]),
        float[] numbers => float.IsNaN(numbers[row]),
        _ => false,
    };

    private static string Range(TensorClaim claim) => string.Create(CultureInfo.InvariantCulture, $"{(claim.Min is { } min ? $"at least {min}" : "")}{(claim is { Min: not null, Max: not null } ? " and " : "")}{(claim.Max is { } max ? $"at most {max}" : "")}");

    private static string Named(List<int> rows, string[] ids) => Phrases.Some([.. rows.Take(Shown + 1).Select(i => ids[i])], Shown);
}
