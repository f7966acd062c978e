namespace Baton.Inference;

/// <summary>Datatypes of the Open Inference Protocol and the .NET arrays that carry them.</summary>
public static class Datatypes
{
    private static readonly (string Name, Type Element, int Onnx)[] All =
    [
        ("BOOL", typeof(bool), 9),
        ("INT8", typeof(sbyte), 3),
        ("INT16", typeof(short), 5),
        ("INT32", typeof(int), 6),
        ("INT64", typeof(long), 7),
        ("UINT8", typeof(byte), 2),
        ("UINT16", typeof(ushort), 4),
        ("UINT32", typeof(uint), 12),
        ("UINT64", typeof(ulong), 13),
        ("FP16", typeof(Half), 10),
        ("FP32", typeof(float), 1),
        ("FP64", typeof(double), 11),
        ("BYTES", typeof(string), 8),
    ];

    /// <summary>The datatype that an array of this element type carries; null for any other.</summary>
    public static string? Of(Type element) => All.FirstOrDefault(d => d.Element == element).Name;

    /// <summary>The .NET element type of a datatype, e.g. <see cref="float"/> for <c>FP32</c>.</summary>
    /// <exception cref="ArgumentException">There is no such datatype.</exception>
    public static Type ElementType(string datatype) =>
        All.FirstOrDefault(d => d.Name == datatype).Element
        ?? throw new ArgumentException($"'{datatype}' is not a datatype; there are {string.Join(", ", All.Select(d => d.Name))}.", nameof(datatype));

    /// <summary>The datatype of an ONNX element type; null for one that the protocol has no name for.</summary>
    internal static string? OfOnnx(int elementType) => All.FirstOrDefault(d => d.Onnx == elementType).Name;
}
