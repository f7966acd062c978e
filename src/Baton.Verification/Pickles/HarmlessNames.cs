namespace Baton.Verification.Pickles;

/// <summary>What a pickle may import without being able to do anything but hold values.</summary>
internal static class HarmlessNames
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "collections.OrderedDict", "collections.defaultdict", "collections.Counter", "collections.deque",
        "datetime.date", "datetime.datetime", "datetime.time", "datetime.timedelta", "datetime.timezone",
        "decimal.Decimal", "fractions.Fraction", "uuid.UUID", "_codecs.encode", "copyreg._reconstructor", "copy_reg._reconstructor",
        "numpy.ndarray", "numpy.dtype", "numpy.core.multiarray._reconstruct", "numpy.core.multiarray.scalar", "numpy._core.multiarray._reconstruct",
        "numpy._core.multiarray.scalar", "numpy.core.numeric._frombuffer", "numpy._core.numeric._frombuffer",
        "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor", "torch._utils._rebuild_parameter", "torch.nn.parameter.Parameter", "torch.Size",
        "torch.float32", "torch.float64", "torch.float16", "torch.bfloat16", "torch.int64", "torch.int32", "torch.int16", "torch.int8", "torch.uint8", "torch.bool",
        "torch.FloatStorage", "torch.DoubleStorage", "torch.HalfStorage", "torch.BFloat16Storage", "torch.LongStorage", "torch.IntStorage", "torch.ShortStorage",
        "torch.CharStorage", "torch.ByteStorage", "torch.BoolStorage",
    };

    // Not among them: eval, exec, getattr, open, __import__ and their like.
    private static readonly HashSet<string> Builtins = new(StringComparer.Ordinal)
    {
        "set", "frozenset", "list", "dict", "tuple", "int", "long", "float", "str", "unicode", "bytes", "bytearray", "complex", "bool", "slice", "range", "xrange", "object",
    };

    /// <summary>Whether a name can do no harm.</summary>
    public static bool Has(string name) => Names.Contains(name)
        || ((name.StartsWith("builtins.", StringComparison.Ordinal) || name.StartsWith("__builtin__.", StringComparison.Ordinal)) && Builtins.Contains(name[(name.IndexOf('.') + 1)..]));
}
