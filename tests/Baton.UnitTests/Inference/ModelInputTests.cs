using Baton.Inference;
using Xunit;

namespace Baton.UnitTests.Inference;

/// <summary>Inputs that do not fit: the refusal says what was expected and what was given.</summary>
public sealed class ModelInputTests
{
    [Fact]
    public void An_unknown_input()
    {
        var refusal = Refused(new Tensor("hours", [1, 1], new float[1]));
        Assert.Contains("no input 'hours'", refusal);
        Assert.Contains("origin BYTES [-1, 1]", refusal);
    }

    [Fact]
    public void A_missing_input()
    {
        var refusal = Refused(new Tensor("hour", [1, 1], new float[1]), new Tensor("origin", [1, 1], new[] { "JFK" }));
        Assert.Contains("Missing inputs weekday FP32 [-1, 1]; distance FP32 [-1, 1]; destination BYTES [-1, 1]", refusal);
        Assert.Contains("given: hour FP32 [1, 1]; origin BYTES [1, 1]", refusal);
    }

    [Fact]
    public void Nothing_at_all() => Assert.Contains("given: nothing", Refused());

    [Fact]
    public void Another_datatype()
    {
        var refusal = Refused(new Tensor("hour", [2, 1], new double[2]));
        Assert.Contains("Input 'hour' has another datatype", refusal);
        Assert.Contains("expected FP32 [-1, 1]", refusal);
        Assert.Contains("given FP64 [2, 1]", refusal);
    }

    [Theory]
    [InlineData(new long[] { 4 })]
    [InlineData(new long[] { 2, 2 })]
    [InlineData(new long[] { 4, 1, 1 })]
    public void Another_shape(long[] shape)
    {
        var refusal = Refused(new Tensor("hour", shape, new float[4]));
        Assert.Contains("Input 'hour' has another shape: expected FP32 [-1, 1]", refusal);
        Assert.Contains($"given FP32 [{string.Join(", ", shape)}]", refusal);
    }

    [Fact]
    public void One_input_twice() =>
        Assert.Contains("'hour' was given 2 times", Refused(new Tensor("hour", [1, 1], new float[1]), new Tensor("hour", [1, 1], new float[1])));

    [Theory]
    [InlineData(new long[] { 3 })]
    [InlineData(new long[] { -1, -2 })]
    [InlineData(new[] { long.MaxValue, 4 })]
    public void A_shape_that_does_not_hold_the_values(long[] shape) =>
        Assert.Contains("does not hold 2 values", Assert.Throws<ModelInputException>(() => new Tensor("x", shape, new float[2])).Message);

    [Fact]
    public void Values_that_no_datatype_carries() =>
        Assert.Contains("System.Decimal", Assert.Throws<ModelInputException>(() => new Tensor("x", [1], new decimal[1])).Message);

    private static string Refused(params Tensor[] inputs)
    {
        using var session = ModelSession.Load(TestModels.Champion);
        return Assert.Throws<ModelInputException>(() => session.Run(inputs)).Message;
    }
}
