using System.Globalization;
using Baton.Inference;

namespace Baton.Verification.Clauses.Robustness;

/// <summary>A request that no training data holds.</summary>
/// <param name="Name">What is strange about it, e.g. <c>amount = NaN</c>.</param>
/// <param name="Inputs">The request.</param>
/// <param name="Rows">Its rows.</param>
internal sealed record EdgeCase(string Name, IReadOnlyList<Tensor> Inputs, int Rows)
{
    private const int LongText = 100_000;

    // Letters that combine, run from right to left, lie outside the first plane, and end C strings.
    private const string StrangeText = "e\u0301 \u0645\u0631\u062d\u0628\u0627 \U0001F469\u200D\U0001F469\u200D\U0001F467 \u0000 \uFFFD '\"\\;--";

    /// <summary>An empty batch, and for each input its extremes, one at a time.</summary>
    /// <param name="specs">What the model takes.</param>
    /// <param name="ordinary">An ordinary row that the others are made of.</param>
    public static IEnumerable<EdgeCase> Of(IReadOnlyList<TensorSpec> specs, IReadOnlyList<Tensor> ordinary)
    {
        yield return new EdgeCase("one row", ordinary, 1);
        // A model that fixes its number of rows cannot be asked about none.
        if (specs.All(s => s.Shape is [< 0, ..]))
            yield return new EdgeCase("no row", [.. ordinary.Select(t => new Tensor(t.Name, [0, .. t.Shape.Skip(1)], Array.CreateInstance(t.Values.GetType().GetElementType()!, 0)))], 0);
        foreach (var tensor in ordinary)
        {
            foreach (var (name, value) in Extremes(tensor.Datatype))
                yield return new EdgeCase($"{tensor.Name} = {name}", [.. ordinary.Select(t => t == tensor ? Filled(t, value) : t)], 1);
        }
    }

    private static Tensor Filled(Tensor tensor, object value)
    {
        var values = Array.CreateInstance(value.GetType(), tensor.Values.Length);
        for (var i = 0; i < values.Length; i++)
            values.SetValue(value, i);
        return new Tensor(tensor.Name, tensor.Shape, values);
    }

    private static (string Name, object Value)[] Extremes(string datatype) => datatype switch
    {
        "FP32" => [("NaN", float.NaN), ("infinity", float.PositiveInfinity), ("-infinity", float.NegativeInfinity), .. Named(float.MaxValue, float.MinValue, 0f, float.Epsilon)],
        "FP64" => [("NaN", double.NaN), ("infinity", double.PositiveInfinity), ("-infinity", double.NegativeInfinity), .. Named(double.MaxValue, double.MinValue, 0d, double.Epsilon)],
        "FP16" => [("NaN", Half.NaN), ("infinity", Half.PositiveInfinity), ("-infinity", Half.NegativeInfinity), .. Named(Half.MaxValue, Half.MinValue, (Half)0, Half.Epsilon)],
        "INT64" => Named(long.MaxValue, long.MinValue, 0L),
        "INT32" => Named(int.MaxValue, int.MinValue, 0),
        "INT16" => Named(short.MaxValue, short.MinValue, (short)0),
        "INT8" => Named(sbyte.MaxValue, sbyte.MinValue, (sbyte)0),
        "UINT64" => Named(ulong.MaxValue, 0UL),
        "UINT32" => Named(uint.MaxValue, 0U),
        "UINT16" => Named(ushort.MaxValue, (ushort)0),
        "UINT8" => Named(byte.MaxValue, (byte)0),
        "BOOL" => [("true", true), ("false", false)],
        _ => [("an empty text", ""), ("a blank", " "), ($"a text of {LongText:N0} letters", new string('x', LongText)), ("letters of many scripts", StrangeText)],
    };

    private static (string, object)[] Named<T>(params T[] values)
        where T : notnull => [.. values.Select(v => (Convert.ToString(v, CultureInfo.InvariantCulture)!, (object)v))];
}
