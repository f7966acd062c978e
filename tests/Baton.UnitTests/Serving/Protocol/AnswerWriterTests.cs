using System.Globalization;
using System.Text;
using System.Text.Json;
using Baton.Inference;
using Baton.Serving.Models;
using Baton.Serving.Protocol;
using CsCheck;
using Xunit;

namespace Baton.UnitTests.Serving.Protocol;

public sealed class AnswerWriterTests
{
    private static readonly ServedVersion Version = new()
    {
        Project = "default",
        Endpoint = "e",
        Model = "m",
        Version = "3",
        PackageDigest = "sha256:0",
        PackageDirectory = "/",
        ModelFile = "model.onnx",
        Verified = true,
    };

    public static TheoryData<Array, string> Values => new()
    {
        { new[] { 0.2028659f, 1f / 3, float.MaxValue, float.NaN, float.NegativeInfinity, -0f }, "0.2028659,0.33333334,3.4028235E+38,NaN,-Infinity,-0" },
        { new[] { 0.1, 1d / 3, double.PositiveInfinity, double.NaN }, "0.1,0.3333333333333333,Infinity,NaN" },
        { new[] { (Half)0.1, Half.MaxValue, Half.NaN }, "0.1,65500,NaN" },
        { new[] { true, false }, "true,false" },
        { new[] { "a\"\\\n", "é😀", "" }, "\"a\\\"\\\\\\n\",\"é\\uD83D\\uDE00\",\"\"" },
        { new[] { ulong.MaxValue }, "18446744073709551615" },
        { new[] { long.MinValue }, "-9223372036854775808" },
        { new[] { uint.MaxValue }, "4294967295" },
        { new[] { int.MinValue }, "-2147483648" },
        { new[] { ushort.MaxValue }, "65535" },
        { new[] { short.MinValue }, "-32768" },
        { new byte[] { 255 }, "255" },
        { new sbyte[] { -128 }, "-128" },
    };

    [Theory, MemberData(nameof(Values))]
    public void Writes_every_datatype_in_its_own_precision(Array values, string expected)
    {
        var tensor = new Tensor("y", [values.Length], values);
        var answer = Write([tensor], new InferenceRequest { Inputs = [], Rows = 1 });

        Assert.Contains($$"""{"name":"y","datatype":"{{tensor.Datatype}}","shape":[{{values.Length}}],"data":[{{expected}}]}""", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_finite_float_reads_back_as_itself() => Gen.Float.Where(float.IsFinite).Array[1, 50].Sample(values =>
    {
        var data = JsonDocument.Parse(Write([new Tensor("y", [values.Length], values)], new InferenceRequest { Inputs = [], Rows = 1 })).RootElement.GetProperty("outputs")[0].GetProperty("data");
        Assert.Equal(values, data.EnumerateArray().Select(v => float.Parse(v.GetRawText(), CultureInfo.InvariantCulture)));
    });

    [Fact]
    public void Gives_the_outputs_asked_for_in_the_order_asked_and_the_ids_always()
    {
        Tensor[] outputs = [new("a", [1], new[] { 1L }), new("b", [1], new[] { 2L }), new("c", [1], new[] { 3L })];

        Assert.Equal(["a", "b", "c", "baton.id"], Names(Write(outputs, new InferenceRequest { Inputs = [], Rows = 1 })));
        Assert.Equal(["c", "a", "baton.id"], Names(Write(outputs, new InferenceRequest { Inputs = [], Rows = 1, Outputs = ["c", "a"] })));
        Assert.Equal(["baton.id", "b"], Names(Write(outputs, new InferenceRequest { Inputs = [], Rows = 1, Outputs = ["baton.id", "b"] })));
    }

    [Fact]
    public void Names_endpoint_and_version_and_gives_the_request_its_id_back()
    {
        Assert.StartsWith("""{"model_name":"e","model_version":"3","id":"r é","outputs":[""", Write([], new InferenceRequest { Inputs = [], Rows = 1, Id = "r é" }), StringComparison.Ordinal);
        Assert.StartsWith("""{"model_name":"e","model_version":"3","outputs":[""", Write([], new InferenceRequest { Inputs = [], Rows = 1 }), StringComparison.Ordinal);
    }

    private static string[] Names(string answer) =>
        [.. JsonDocument.Parse(answer).RootElement.GetProperty("outputs").EnumerateArray().Select(o => o.GetProperty("name").GetString()!)];

    private static string Write(Tensor[] outputs, InferenceRequest request)
    {
        using var buffer = new PooledBuffer(16);
        AnswerWriter.Write(buffer, Version, request, outputs, ["i"]);
        return Encoding.UTF8.GetString(buffer.Written.Span);
    }
}
