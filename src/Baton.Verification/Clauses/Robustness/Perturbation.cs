using Baton.Inference;
using Baton.Storage.Tables;

namespace Baton.Verification.Clauses.Robustness;

/// <summary>Changes to the columns that fill a model's inputs, from a seed.</summary>
internal static class Perturbation
{
    /// <summary>A text that no training data has.</summary>
    public const string Unseen = "\u2042never-seen\u2042";

    /// <summary>Normal noise on numbers, as a share of each column's standard deviation. Columns of whole numbers stay whole.</summary>
    public static IReadOnlyList<Column> Noise(Probe probe, double level, int seed)
    {
        var random = new Random(seed);
        return Changed(probe, (column, input) => IsNumbers(column) && input.Datatype is not ("BOOL" or "BYTES"), column =>
        {
            var step = level * Deviation(column);
            return Moved(column, _ => step * Normal(random));
        });
    }

    /// <summary>Values left out: numbers become NaN where the input can hold that, texts become empty.</summary>
    public static IReadOnlyList<Column> Missing(Probe probe, double level, int seed)
    {
        var random = new Random(seed);
        return Changed(probe, (column, input) => column.Values is string[] || (IsNumbers(column) && input.Datatype is "FP16" or "FP32" or "FP64"), column => column.Values is string[] texts
            ? new Column(column.Name, Array.ConvertAll(texts, text => random.NextDouble() < level ? "" : text), column.Nulls)
            : new Column(column.Name, column.Values, [.. Enumerable.Range(0, column.Rows).Select(i => random.NextDouble() < level || column.Nulls?[i] == true)]));
    }

    /// <summary>Texts that no training data has.</summary>
    public static IReadOnlyList<Column> UnknownCategories(Probe probe, double level, int seed)
    {
        var random = new Random(seed);
        return Changed(probe, (column, _) => column.Values is string[], column =>
            new Column(column.Name, Array.ConvertAll((string[])column.Values, text => random.NextDouble() < level ? Unseen : text), column.Nulls));
    }

    /// <summary>The values of a column among other rows.</summary>
    public static Column Shuffled(Column column, int seed)
    {
        int[] places = [.. Enumerable.Range(0, column.Rows)];
        new Random(seed).Shuffle(places);
        var values = Array.CreateInstance(column.Values.GetType().GetElementType()!, places.Length);
        for (var i = 0; i < places.Length; i++)
            values.SetValue(column.Values.GetValue(places[i]), i);
        return new Column(column.Name, values, column.Nulls is { } nulls ? [.. places.Select(p => nulls[p])] : null);
    }

    /// <summary>A column of numbers with something added to each; whole numbers stay whole.</summary>
    public static Column Moved(Column column, Func<int, double> by)
    {
        var numbers = column.AsDoubles();
        var whole = numbers.All(n => double.IsNaN(n) || double.IsInteger(n));
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = whole ? Math.Round(numbers[i] + by(i)) : numbers[i] + by(i);
        Array values = column.Values switch
        {
            int[] => Array.ConvertAll(numbers, n => double.IsNaN(n) ? 0 : (int)Math.Clamp(n, int.MinValue, int.MaxValue)),
            long[] => Array.ConvertAll(numbers, n => double.IsNaN(n) ? 0 : (long)Math.Clamp(n, long.MinValue, long.MaxValue)),
            float[] => Array.ConvertAll(numbers, n => (float)n),
            _ => numbers,
        };
        return new Column(column.Name, values, column.Nulls);
    }

    /// <summary>Standard deviation of a column's finite numbers; 0 where there are none.</summary>
    public static double Deviation(Column column)
    {
        double[] numbers = [.. column.AsDoubles().Where(double.IsFinite)];
        var mean = numbers.DefaultIfEmpty(0).Average();
        return Math.Sqrt(numbers.Select(n => (n - mean) * (n - mean)).DefaultIfEmpty(0).Average());
    }

    /// <summary>Whether a column holds numbers, whole or not.</summary>
    public static bool IsNumbers(Column column) => column.Values is double[] or float[] or long[] or int[];

    private static List<Column> Changed(Probe probe, Func<Column, TensorSpec, bool> fits, Func<Column, Column> change) =>
        [.. probe.Columns.Select(c => (Column: probe.Rows.Column(c.Column, "input of the model"), c.Input)).Where(c => fits(c.Column, c.Input)).Select(c => change(c.Column))];

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
