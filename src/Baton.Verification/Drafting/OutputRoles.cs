using System.Globalization;
using Baton.Inference;

namespace Baton.Verification.Drafting;

/// <summary>Which output of a model is what, by names, datatypes and shapes as the exporters of classifiers and regressors give them.</summary>
internal static class OutputRoles
{
    private static readonly string[] PositiveNames = ["prob", "score", "decision", "logit"];

    /// <summary>The predicted class, or a regression's value; null where it cannot be told.</summary>
    public static string? Prediction(IReadOnlyList<TensorSpec> outputs)
    {
        var classes = outputs.Where(o => IsVector(o) && o.Datatype is "INT64" or "INT32" or "BYTES" or "BOOL").ToList();
        if (classes.Count > 0)
            return (classes.FirstOrDefault(o => Named(o, "label")) ?? Single(classes))?.Name;
        return Single(outputs.Where(IsFloat).ToList()) is { } value && IsVector(value) && !PositiveNames.Any(n => Named(value, n)) ? value.Name : null;
    }

    /// <summary>The score of the positive class: the second column of two, or a probability alone; null where there is none or it cannot be told.</summary>
    public static string? Score(IReadOnlyList<TensorSpec> outputs)
    {
        var prediction = Prediction(outputs);
        var floats = outputs.Where(o => IsFloat(o) && o.Name != prediction).ToList();
        var pairs = floats.Where(o => o.Shape is [_, 2]).ToList();
        if ((pairs.FirstOrDefault(o => Named(o, "prob")) ?? Single(pairs)) is { } pair)
            return string.Create(CultureInfo.InvariantCulture, $"{pair.Name}[{1}]");
        return Single(floats) is { } alone && IsVector(alone) ? alone.Name : null;
    }

    private static bool IsFloat(TensorSpec output) => output.Datatype is "FP16" or "FP32" or "FP64";

    /// <summary>One value a row: [N] or [N, 1].</summary>
    private static bool IsVector(TensorSpec output) => output.Shape is [_] or [_, 1];

    private static bool Named(TensorSpec output, string part) => output.Name.Contains(part, StringComparison.OrdinalIgnoreCase);

    private static TensorSpec? Single(List<TensorSpec> outputs) => outputs.Count == 1 ? outputs[0] : null;
}
