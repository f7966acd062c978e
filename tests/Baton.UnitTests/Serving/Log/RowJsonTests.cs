using Baton.Inference;
using Baton.Serving.Log;
using Xunit;

namespace Baton.UnitTests.Serving.Log;

public sealed class RowJsonTests : IDisposable
{
    private readonly RowJson _json = new();

    public void Dispose() => _json.Dispose();

    public static TheoryData<Array, string> Values => new()
    {
        { new[] { true, false }, "false" },
        { new sbyte[] { 0, -128 }, "-128" },
        { new byte[] { 0, 255 }, "255" },
        { new short[] { 0, -5 }, "-5" },
        { new ushort[] { 0, 65535 }, "65535" },
        { new[] { 0, int.MinValue }, "-2147483648" },
        { new[] { 0u, uint.MaxValue }, "4294967295" },
        { new long[] { 0, long.MaxValue }, "9223372036854775807" },
        { new ulong[] { 0, ulong.MaxValue }, "18446744073709551615" },
        { new Half[] { (Half)0, (Half)1.5 }, "1.5" },
        { new[] { 0, 0.1f }, "0.1" },
        { new[] { 0, 0.1 }, "0.1" },
        { new[] { 0, float.NaN }, "\"NaN\"" },
        { new[] { 0, float.NegativeInfinity }, "\"-Infinity\"" },
        { new[] { 0, double.PositiveInfinity }, "\"Infinity\"" },
        { new[] { "", "Zürich \"ZRH\"" }, "\"Zürich \\\"ZRH\\\"\"" },
    };

    [Theory, MemberData(nameof(Values))]
    public void A_value_of_every_type_is_written_as_it_is(Array values, string expected)
    {
        Assert.Equal($$"""{"x":{{expected}}}""", _json.Write([new Tensor("x", [2], values)], 1, 2, []));
        Assert.Equal($$"""{"x":{{expected}}}""", _json.Write([new Tensor("x", [2, 1], values)], 1, 2, []));
    }

    [Fact]
    public void More_than_one_value_is_nested_by_the_shape()
    {
        var matrix = new Tensor("m", [2, 3], new[] { 1L, 2, 3, 4, 5, 6 });
        var cube = new Tensor("c", [2, 2, 1], new[] { 1L, 2, 3, 4 });

        Assert.Equal("""{"m":[4,5,6],"c":[[3],[4]]}""", _json.Write([matrix, cube], 1, 2, []));
    }

    [Fact]
    public void What_belongs_to_the_whole_request_is_in_every_row()
    {
        var threshold = new Tensor("t", [], new[] { 0.25 });
        var table = new Tensor("w", [3], new[] { 1L, 2, 3 });

        Assert.Equal("""{"t":0.25,"w":[1,2,3]}""", _json.Write([threshold, table], 1, 2, []));
    }

    [Fact]
    public void A_redacted_value_is_null_and_its_name_stays() => Assert.Equal(
        """{"name":null,"age":7}""",
        _json.Write([new Tensor("name", [1], new[] { "Ada" }), new Tensor("age", [1], new[] { 7L })], 0, 1, ["name", "other"]));
}
