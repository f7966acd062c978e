using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace Baton.Inference;

/// <summary>Tensors in and out of the runtime.</summary>
public sealed partial class ModelSession
{
    private static OrtValue ToOrt(Tensor tensor)
    {
        long[] shape = [.. tensor.Shape];
        // By datatype, not by pattern: to the runtime a uint[] also is an int[].
        return tensor.Datatype switch
        {
            "FP32" => Wrap<float>(tensor, shape),
            "FP64" => Wrap<double>(tensor, shape),
            "INT64" => Wrap<long>(tensor, shape),
            "INT32" => Wrap<int>(tensor, shape),
            "INT16" => Wrap<short>(tensor, shape),
            "INT8" => Wrap<sbyte>(tensor, shape),
            "UINT64" => Wrap<ulong>(tensor, shape),
            "UINT32" => Wrap<uint>(tensor, shape),
            "UINT16" => Wrap<ushort>(tensor, shape),
            "UINT8" => Wrap<byte>(tensor, shape),
            "BOOL" => Wrap<bool>(tensor, shape),
            "FP16" => OrtValue.CreateTensorValueFromMemory(MemoryMarshal.Cast<Half, Float16>((Half[])tensor.Values).ToArray(), shape),
            _ => Strings((string[])tensor.Values, shape),
        };
    }

    private static OrtValue Wrap<T>(Tensor tensor, long[] shape)
        where T : unmanaged =>
        OrtValue.CreateTensorValueFromMemory((T[])tensor.Values, shape);

    private static OrtValue Strings(string[] values, long[] shape)
    {
        var value = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, shape);
        for (var i = 0; i < values.Length; i++)
            value.StringTensorSetElementAt(values[i].AsSpan(), i);
        return value;
    }

    private static Tensor FromOrt(string name, OrtValue value)
    {
        var type = value.GetTensorTypeAndShape();
        return new Tensor(name, type.Shape, Datatypes.OfOnnx((int)type.ElementDataType) switch
        {
            "FP32" => value.GetTensorDataAsSpan<float>().ToArray(),
            "FP64" => value.GetTensorDataAsSpan<double>().ToArray(),
            "INT64" => value.GetTensorDataAsSpan<long>().ToArray(),
            "INT32" => value.GetTensorDataAsSpan<int>().ToArray(),
            "INT16" => value.GetTensorDataAsSpan<short>().ToArray(),
            "INT8" => value.GetTensorDataAsSpan<sbyte>().ToArray(),
            "UINT64" => value.GetTensorDataAsSpan<ulong>().ToArray(),
            "UINT32" => value.GetTensorDataAsSpan<uint>().ToArray(),
            "UINT16" => value.GetTensorDataAsSpan<ushort>().ToArray(),
            "UINT8" => value.GetTensorDataAsSpan<byte>().ToArray(),
            "BOOL" => value.GetTensorDataAsSpan<bool>().ToArray(),
            "FP16" => MemoryMarshal.Cast<Float16, Half>(value.GetTensorDataAsSpan<Float16>()).ToArray(),
            "BYTES" => value.GetStringTensorAsArray(),
            _ => throw new ModelRunException($"Output '{name}' came back as ONNX element type {type.ElementDataType}, which has no datatype."),
        });
    }
}
