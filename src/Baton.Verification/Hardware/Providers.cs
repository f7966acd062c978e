namespace Baton.Verification.Hardware;

/// <summary>Execution providers of ONNX Runtime under the names that contracts have for them.</summary>
internal static class Providers
{
    private static readonly Dictionary<string, string> Named = new(StringComparer.Ordinal)
    {
        ["CPUExecutionProvider"] = "cpu",
        ["CUDAExecutionProvider"] = "cuda",
        ["NvTensorRTRTXExecutionProvider"] = "tensorrt",
        ["TensorrtExecutionProvider"] = "tensorrt",
        ["OpenVINOExecutionProvider"] = "openvino",
        ["DmlExecutionProvider"] = "directml",
        ["CoreMLExecutionProvider"] = "coreml",
        ["ROCMExecutionProvider"] = "rocm",
        ["MIGraphXExecutionProvider"] = "rocm",
    };

    /// <summary>The one that counts: whatever took operators beside the CPU; the CPU where nothing did.</summary>
    /// <param name="ran">Providers that the model's operators were given to; none for a model that was folded to constants.</param>
    public static string Of(IReadOnlyList<string> ran)
    {
        var names = ran.Select(p => Named.GetValueOrDefault(p, p)).Distinct(StringComparer.Ordinal).ToList();
        return names.FirstOrDefault(n => n != "cpu") ?? "cpu";
    }
}
