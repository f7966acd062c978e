using System.Globalization;
using Baton.Storage.Tables;
using Baton.Verification.Reference;

namespace Baton.Verification.Clauses;

/// <summary>Slices that a column cuts rows into, by name.</summary>
internal static class SliceNames
{
    private const int MostNumbers = 20;
    private const int MostDays = 31;

    /// <summary>
    /// The slice of each row: a text or a date is its own; times go by day, or by month where there are many days; more than 20 different numbers are cut at their
    /// quartiles.
    /// </summary>
    /// <exception cref="ReferenceException">There is no such column.</exception>
    public static string[] Of(ReferenceRows rows, string column)
    {
        var found = rows.Column(column, "slice of the contract");
        var names = found.Values switch
        {
            DateTime[] or DateOnly[] => Days(found),
            double[] or float[] or long[] or int[] => Numbers(found),
            _ => found.AsStrings(),
        };
        return [.. names.Select(n => n.Length == 0 ? "(missing)" : n)];
    }

    private static string[] Days(Column column)
    {
        var days = Array.ConvertAll(column.AsStrings(), t => t.Length >= 10 ? t[..10] : t);
        return days.Distinct().Count() <= MostDays ? days : Array.ConvertAll(days, d => d.Length >= 7 ? d[..7] : d);
    }

    private static string[] Numbers(Column column)
    {
        var numbers = column.AsDoubles();
        double[] sorted = [.. numbers.Where(double.IsFinite).Order()];
        if (sorted.Distinct().Take(MostNumbers + 1).Count() <= MostNumbers)
            return column.AsStrings();
        double[] cuts = [sorted[sorted.Length / 4], sorted[sorted.Length / 2], sorted[sorted.Length * 3 / 4]];
        return Array.ConvertAll(numbers, n => !double.IsFinite(n) ? ""
            : n < cuts[0] ? $"below {Plain(cuts[0])}"
            : n < cuts[1] ? $"{Plain(cuts[0])} to {Plain(cuts[1])}"
            : n < cuts[2] ? $"{Plain(cuts[1])} to {Plain(cuts[2])}"
            : $"{Plain(cuts[2])} and above");
    }

    private static string Plain(double value) => value.ToString("G5", CultureInfo.InvariantCulture);
}
