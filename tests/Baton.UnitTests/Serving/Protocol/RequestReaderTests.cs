using System.Text;
using Baton.Inference;
using Baton.Serving.Protocol;
using Xunit;

namespace Baton.UnitTests.Serving.Protocol;

public sealed class RequestReaderTests
{
    public static TheoryData<string, string, Array> Datatypes => new()
    {
        { "BOOL", "[true, false, 1, 0]", new[] { true, false, true, false } },
        { "INT8", "[-128, 0, 127]", new sbyte[] { -128, 0, 127 } },
        { "INT16", "[-32768, 32767]", new short[] { -32768, 32767 } },
        { "INT32", "[-2147483648, 2147483647]", new[] { int.MinValue, int.MaxValue } },
        { "INT64", "[-9223372036854775808, 9223372036854775807]", new[] { long.MinValue, long.MaxValue } },
        { "UINT8", "[0, 255]", new byte[] { 0, 255 } },
        { "UINT16", "[0, 65535]", new ushort[] { 0, 65535 } },
        { "UINT32", "[0, 4294967295]", new[] { 0u, uint.MaxValue } },
        { "UINT64", "[0, 18446744073709551615]", new[] { 0ul, ulong.MaxValue } },
        { "FP16", "[1.5, -65504, 6e-8, NaN]", new[] { (Half)1.5, Half.MinValue, (Half)6e-8, Half.NaN } },
        { "FP32", "[1, -0.1, 3.4028235e38, 1e-45]", new[] { 1f, -0.1f, float.MaxValue, float.Epsilon } },
        { "FP32", "[NaN, Infinity, -Infinity, \"NaN\", \"Infinity\", \"-Infinity\"]", new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.NaN, float.PositiveInfinity, float.NegativeInfinity } },
        { "FP64", "[0.1, 1.7976931348623157e308, -Infinity,NaN]", new[] { 0.1, double.MaxValue, double.NegativeInfinity, double.NaN } },
        { "BYTES", """["", "a", "caf\u00e9 \ud83d\ude00 \"\\\/\b\n", "日本", "NaN", "x:NaN,Infinity\""]""", new[] { "", "a", "café 😀 \"\\/\b\n", "日本", "NaN", "x:NaN,Infinity\"" } },
    };

    [Theory, MemberData(nameof(Datatypes))]
    public void Reads_every_datatype_into_its_own_array(string datatype, string data, Array expected)
    {
        var request = Read($$"""{"inputs":[{"name":"x","shape":[{{expected.Length}}],"datatype":"{{datatype}}","data":{{data}}}]}""", new TensorSpec("x", datatype, [-1]));

        Assert.Equal(expected, request.Inputs[0].Values);
        Assert.Equal(expected.GetType(), request.Inputs[0].Values.GetType());
        Assert.Equal(datatype, request.Inputs[0].Datatype);
    }

    [Theory]
    [InlineData("BOOL", "2")]
    [InlineData("BOOL", "\"true\"")]
    [InlineData("INT8", "128")]
    [InlineData("INT16", "-32769")]
    [InlineData("INT32", "1.5")]
    [InlineData("INT32", "1.0")]
    [InlineData("INT64", "9223372036854775808")]
    [InlineData("INT64", "true")]
    [InlineData("INT64", "NaN")]
    [InlineData("UINT8", "-1")]
    [InlineData("UINT16", "65536")]
    [InlineData("UINT32", "\"1\"")]
    [InlineData("UINT64", "1e3")]
    [InlineData("FP16", "70000")]
    [InlineData("FP32", "1e39")]
    [InlineData("FP32", "null")]
    [InlineData("FP32", "\"nan\"")]
    [InlineData("FP32", "\"1.5\"")]
    [InlineData("FP64", "1e309")]
    [InlineData("FP64", "{}")]
    [InlineData("BYTES", "1")]
    [InlineData("BYTES", "null")]
    [InlineData("BYTES", "NaN")]
    public void Refuses_a_value_that_does_not_fit_its_datatype_and_says_which_and_what(string datatype, string value)
    {
        var refusal = Refused($$"""{"inputs":[{"name":"x","shape":[1],"datatype":"{{datatype}}","data":[{{value}}]}]}""", new TensorSpec("x", datatype, [-1]));

        Assert.StartsWith($"Input 'x', value 0 counted from 0: {datatype} needs ", refusal, StringComparison.Ordinal);
        Assert.Contains(value is "{}" ? "an object" : value.Trim('"'), refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[2,3]", "[1,2,3,4,5,6]")]
    [InlineData("[2,3]", "[[1,2,3],[4,5,6]]")]
    [InlineData("[1,2,3]", "[[[1,2,3],[4,5,6]]]")]
    [InlineData("[6,1]", "[[1],[2],[3],[4],[5],[6]]")]
    public void Takes_data_flat_or_nested_to_the_shape(string shape, string data)
    {
        var request = Read($$"""{"inputs":[{"name":"x","shape":{{shape}},"datatype":"INT32","data":{{data}}}]}""", new TensorSpec("x", "INT32", []));

        Assert.Equal(new[] { 1, 2, 3, 4, 5, 6 }, request.Inputs[0].Values);
    }

    [Theory]
    [InlineData("[2,3]", "[1,2,3,4,5]", "holds 6 values, and `data` has 5")]
    [InlineData("[2,3]", "[1,2,3,4,5,6,7,8]", "holds 6 values, and `data` has 8")]
    [InlineData("[2,3]", "[]", "holds 6 values, and `data` has 0")]
    [InlineData("[2,3]", "[[1,2],[3,4],[5,6]]", "2 items at depth 2, and shape [2, 3] has 3 there")]
    [InlineData("[2,3]", "[[1,2,3]]", "1 items at depth 1, and shape [2, 3] has 2 there")]
    [InlineData("[2,3]", "[[1,2,3],4,5,6]", "mixes values and arrays")]
    [InlineData("[2,3]", "[1,2,3,[4,5,6]]", "nested deeper")]
    [InlineData("[6]", "[[1,2,3,4,5,6]]", "nested deeper")]
    [InlineData("[2,3]", "[[[1,2,3]],[[4,5,6]]]", "nested deeper")]
    [InlineData("[2,3]", "7", "`data` is an array, and 7 came")]
    [InlineData("[2,3]", "{\"a\":[1]}", "`data` is an array, and an object came")]
    [InlineData("[2,-3]", "[1]", "whole numbers from 0, and -3 came")]
    [InlineData("[2,1.5]", "[1]", "whole numbers from 0, and 1.5 came")]
    [InlineData("[99999999999,99999999999,99999999999]", "[1]", "99999999999 rows")]
    [InlineData("[500,99999999999]", "[1]", "more values than the whole body")]
    [InlineData("[900,0]", "[]", "rows without a value")]
    [InlineData("6", "[1]", "`shape` of input 'x' is an array")]
    public void Refuses_data_that_do_not_fit_the_shape(string shape, string data, string expected) => Assert.Contains(
        expected, Refused($$"""{"inputs":[{"name":"x","shape":{{shape}},"datatype":"INT32","data":{{data}}}]}""", new TensorSpec("x", "INT32", [])), StringComparison.Ordinal);

    [Fact]
    public void Takes_members_in_any_order_and_passes_over_what_it_does_not_know()
    {
        var request = Read(
            """
            {"parameters":{"a":[1,{"inputs":[]}]},"outputs":[{"parameters":{"name":"no"},"name":"b"},{"name":"a"},{"name":"b"}],"future":null,
             "inputs":[{"data":[[1.5],[2]],"extra":{"data":[9]},"shape":[2,1],"datatype":"FP32","name":"x","parameters":{"content_type":"np"}}],"id":"r-1"}
            """,
            [new TensorSpec("x", "FP32", [-1, 1])], [new TensorSpec("a", "FP32", [-1]), new TensorSpec("b", "FP32", [-1])]);

        Assert.Equal(new[] { 1.5f, 2f }, request.Inputs[0].Values);
        Assert.Equal(["b", "a"], request.Outputs!);
        Assert.Equal("r-1", request.Id);
        Assert.Equal(2, request.Rows);
    }

    [Theory]
    [InlineData("[2]")]
    [InlineData("[2, 1]")]
    public void Takes_the_reserved_inputs_off(string shape)
    {
        var request = Read(
            $$"""
            {"inputs":[{"name":"baton.time","shape":{{shape}},"datatype":"INT64","data":[982195200000000, 982195200000001]},
             {"name":"x","shape":[2],"datatype":"FP32","data":[1,2]},{"name":"baton.id","shape":{{shape}},"datatype":"BYTES","data":["a","b"]}]}
            """, new TensorSpec("x", "FP32", [-1]));

        Assert.Equal("x", Assert.Single(request.Inputs).Name);
        Assert.Equal(["a", "b"], request.PredictionIds!);
        Assert.Equal([982195200000000, 982195200000001], request.EventTimes!);
    }

    [Theory]
    [InlineData("baton.id", "BYTES", "[1]", "[\"a\"]", "expected BYTES [2] or [2, 1], came [1]")]
    [InlineData("baton.id", "BYTES", "[2]", "[\"a\",\"\"]", "row 1: an id has 1 to 256 characters, and 0 came")]
    [InlineData("baton.id", "INT64", "[2]", "[1,2]", "expected BYTES")]
    [InlineData("baton.id", "BYTES", "[1,2]", "[\"a\",\"b\"]", "another shape")]
    [InlineData("baton.time", "FP64", "[2]", "[1,2]", "expected INT64")]
    [InlineData("baton.time", "INT64", "[2]", "[1,-5]", "microseconds since 1970")]
    [InlineData("baton.time", "INT64", "[2]", "[1,1700000000000000000]", "microseconds since 1970")]
    public void Refuses_reserved_inputs_that_do_not_fit_the_rows(string name, string datatype, string shape, string data, string expected) => Assert.Contains(
        expected,
        Refused(
            $$"""{"inputs":[{"name":"x","shape":[2],"datatype":"FP32","data":[1,2]},{"name":"{{name}}","shape":{{shape}},"datatype":"{{datatype}}","data":{{data}}}]}""",
            new TensorSpec("x", "FP32", [-1])), StringComparison.Ordinal);

    [Theory]
    [InlineData("", "not the JSON expected")]
    [InlineData("[]", "an object with `inputs`, and an array came")]
    [InlineData("null", "and null came")]
    [InlineData("{}", "has no `inputs`; the model expects inputs x FP32 [-1, 2]; s BYTES [-1]")]
    [InlineData("""{"inputs":{}}""", "`inputs` is an array")]
    [InlineData("""{"inputs":[7]}""", "is an object with name, shape, datatype and data, and 7 came")]
    [InlineData("""{"inputs":[{}]}""", "has no `name`")]
    [InlineData("""{"inputs":[{"name":"x"}]}""", "input 'x' has no `datatype`: expected FP32 [-1, 2]")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2]}]}""", "input 'x' has no `data`")]
    [InlineData("""{"inputs":[{"name":"y","datatype":"FP32","shape":[1],"data":[1]}]}""", "no input 'y'; it expects inputs x FP32 [-1, 2]; s BYTES [-1]")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP64","shape":[1,2],"data":[1,2]}]}""", "another datatype: expected FP32 [-1, 2] (-1 is free), came FP64 [1, 2]")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1,3],"data":[1,2,3]}]}""", "another shape: expected FP32 [-1, 2] (-1 is free), came FP32 [1, 3]")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[2],"data":[1,2]}]}""", "another shape")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1,2]}]}""", "Missing input s BYTES [-1]; given: x FP32 [1, 2]")]
    [InlineData("""{"inputs":[{"name":"s","datatype":"BYTES","shape":[1],"data":["a"]},{"name":"s","datatype":"BYTES","shape":[1],"data":["a"]}]}""", "'s' was given twice")]
    [InlineData("""{"inputs":[{"name":"s","datatype":"BYTES","shape":[1],"data":["a"],"shape":[2]}]}""", "input 's' has `shape` twice")]
    [InlineData("""{"inputs":[{"name":"s","datatype":"BYTES","shape":[1],"data":["a"],"name":"x"}]}""", "input 's' has `name` twice")]
    [InlineData("""{"inputs":[{"name":"s","datatype":"BYTES","shape":[1],"data":["\ud800"]}]}""", "not valid Unicode")]
    [InlineData("""{"inputs":[]} {}""", "not the JSON expected")]
    [InlineData("""{"inputs":[{"name":"s","datatype":"BYTES","shape":[1],"data":["a",]}]}""", "not the JSON expected")]
    [InlineData("""{"inputs":[{"name":"s","datatype":"BYTES","shape":[1],"data":["a"]""", "not the JSON expected")]
    [InlineData("""{"id":7,"inputs":[]}""", "`id` is a text, and 7 came")]
    [InlineData("""{"outputs":[{"name":"no"}],"inputs":[]}""", "no output 'no'; it gives y FP32 [-1]")]
    [InlineData("""{"outputs":{},"inputs":[]}""", "`outputs` is an array")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1NaN,2]}]}""", "not the JSON expected")]
    public void Refuses_what_does_not_fit_the_model_and_says_what_was_expected_and_what_came(string body, string expected) => Assert.Contains(
        expected, Assert.Throws<RequestException>(() => Read(body, [new TensorSpec("x", "FP32", [-1, 2]), new TensorSpec("s", "BYTES", [-1])], [new TensorSpec("y", "FP32", [-1])])).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Refuses_more_rows_than_are_taken_at_once() => Assert.Contains(
        "has 11 rows, and 10 are taken at once",
        Assert.Throws<RequestException>(() => RequestReader.Read(
            """{"inputs":[{"name":"x","datatype":"UINT8","shape":[11],"data":[1,1,1,1,1,1,1,1,1,1,1]}]}"""u8, [new TensorSpec("x", "UINT8", [-1])], [], maxRows: 10)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_scalar_and_an_empty_batch_are_read()
    {
        Assert.Equal(new[] { 4f }, Read("""{"inputs":[{"name":"x","shape":[],"datatype":"FP32","data":[4]}]}""", new TensorSpec("x", "FP32", [])).Inputs[0].Values);
        var empty = Read("""{"inputs":[{"name":"x","shape":[0,3],"datatype":"FP32","data":[]}]}""", new TensorSpec("x", "FP32", [-1, 3]));
        Assert.Equal((0, 0), (empty.Rows, empty.Inputs[0].Values.Length));
    }

    private static string Refused(string body, params TensorSpec[] inputs) => Assert.Throws<RequestException>(() => Read(body, inputs)).Message;

    private static InferenceRequest Read(string body, params TensorSpec[] inputs) => Read(body, inputs, []);

    private static InferenceRequest Read(string body, TensorSpec[] inputs, TensorSpec[] outputs) =>
        RequestReader.Read(Encoding.UTF8.GetBytes(body), inputs, outputs, maxRows: 1000);
}
