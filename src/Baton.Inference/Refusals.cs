namespace Baton.Inference;

/// <summary>Sentences that both the file reader and the session say.</summary>
internal static class Refusals
{
    public static string NotATensor(string side, string name, string what) =>
        $"{side} '{name}' is {what}, not a tensor, and only tensors can be served. "
        + (side == "Output"
            ? "Export the model without ZipMap: with skl2onnx, to_onnx(model, …, options={'zipmap': False})."
            : "Export the model with tensor inputs.");

    public static string NoDatatype(string side, string name, int onnxType) =>
        $"{side} '{name}' has ONNX element type {onnxType}, which the Open Inference Protocol has no datatype for; "
        + "export it as float, integer, boolean or string.";
}
