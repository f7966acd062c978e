using Baton.Inference;
using Baton.Verification.Drafting;
using Xunit;

namespace Baton.UnitTests.Verification.Drafting;

/// <summary>Outputs as exporters name and shape them.</summary>
public sealed class OutputRolesTests
{
    [Theory]
    [InlineData("label INT64 [-1] ; probabilities FP32 [-1,2]", "label", "probabilities[1]")]
    [InlineData("output_label BYTES [-1] ; output_probability FP32 [-1,2]", "output_label", "output_probability[1]")]
    [InlineData("label INT64 [-1] ; probabilities FP32 [-1,10]", "label", null)]
    [InlineData("label INT64 [-1,1] ; score FP32 [-1,1]", "label", "score")]
    [InlineData("class INT64 [-1] ; other FP64 [-1,2]", "class", "other[1]")]
    [InlineData("variable FP32 [-1,1]", "variable", null)]
    [InlineData("y FP64 [-1]", "y", null)]
    [InlineData("probability FP32 [-1]", null, "probability")]
    [InlineData("probabilities FP32 [-1,2]", null, "probabilities[1]")]
    [InlineData("mean FP32 [-1] ; deviation FP32 [-1]", null, null)]
    [InlineData("embedding FP32 [-1,384]", null, null)]
    [InlineData("a INT64 [-1] ; b INT64 [-1]", null, null)]
    [InlineData("label INT64 [-1] ; scores FP32 [-1,2] ; probabilities FP32 [-1,2]", "label", "probabilities[1]")]
    public void Are_told_by_name_datatype_and_shape(string outputs, string? prediction, string? score)
    {
        var specs = outputs.Split(';', StringSplitOptions.TrimEntries).Select(o => o.Split(' '))
            .Select(o => new TensorSpec(o[0], o[1], [.. o[2].Trim('[', ']').Split(',').Select(long.Parse)])).ToList();

        Assert.Equal((prediction, score), (OutputRoles.Prediction(specs), OutputRoles.Score(specs)));
    }
}
