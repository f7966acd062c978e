using System.Text;
using Baton.Inference;
using Baton.Serving.Protocol;
using CsCheck;
using Xunit;

namespace Baton.UnitTests.Serving.Protocol;

/// <summary>Whatever is done to a request, it is read or refused: nothing else is thrown, and nothing hangs.</summary>
public sealed class RequestMutationTests
{
    private static readonly TensorSpec[] Inputs = [new("x", "FP32", [-1, 2]), new("s", "BYTES", [-1, 1]), new("n", "INT64", []), new("h", "FP16", [-1]), new("b", "BOOL", [-1])];
    private static readonly TensorSpec[] Outputs = [new("y", "FP32", [-1])];

    private static readonly byte[] Valid = Encoding.UTF8.GetBytes(
        """
        {"id":"r\u00e9","inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","data":[[1.5,NaN],[-2e3,Infinity]]},{"data":["a\ud83d\ude00","é"],"name":"s","shape":[2,1],
        "datatype":"BYTES"},{"name":"n","shape":[2],"datatype":"INT64","data":[1,-2]},{"name":"h","shape":[2],"datatype":"FP16","data":["NaN",0.5]},
        {"name":"b","shape":[2],"datatype":"BOOL","data":[true,0]},{"name":"baton.id","shape":[2],"datatype":"BYTES","data":["p","q"]},
        {"name":"baton.time","shape":[2,1],"datatype":"INT64","data":[1,2]}],"outputs":[{"name":"y"}],"parameters":{"k":{"deep":[[]]}}}
        """);

    private static readonly string[] Pieces =
    [
        "[", "]", "{", "}", ",", ":", "\"", "\\", "\\u", "\\ud800", "NaN", "-Infinity", "Infinity", "\"data\":", "\"shape\":[0]", "\"shape\":[99999999999]", "null", "true", "-", "1e999",
        "9223372036854775807", "0.0000001", "\0", "é", "[[[[", "]]]]", "\"inputs\":", "\"outputs\":[{}]", "\"name\":\"x\"", "\"datatype\":\"BYTES\"", " ", "\n", "/*", "//", "\uFEFF",
    ];

    private static readonly Gen<string> Piece = Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]);

    private static readonly Gen<Func<byte[], byte[]>> Mutation = Gen.OneOf(
        Gen.Select(Gen.Int[0, 2000], Gen.Byte, (at, value) => (Func<byte[], byte[]>)(b => Replace(b, at, 1, [value]))),
        Gen.Select(Gen.Int[0, 2000], Gen.Int[0, 60], (at, length) => (Func<byte[], byte[]>)(b => Replace(b, at, length, []))),
        Gen.Select(Gen.Int[0, 2000], Piece, (at, piece) => (Func<byte[], byte[]>)(b => Replace(b, at, 0, Encoding.UTF8.GetBytes(piece)))),
        Gen.Select(Gen.Int[0, 2000], Gen.Int[0, 12], Piece, (at, length, piece) => (Func<byte[], byte[]>)(b => Replace(b, at, length, Encoding.UTF8.GetBytes(piece)))),
        Gen.Select(Gen.Int[0, 2000], Gen.Int[0, 2000], Gen.Int[0, 200], (from, to, length) => (Func<byte[], byte[]>)(b => Replace(b, to, 0, Part(b, from, length)))),
        Gen.Int[0, 2000].Select(at => (Func<byte[], byte[]>)(b => b[..(at % (b.Length + 1))])));

    [Fact]
    public void The_request_is_valid_to_begin_with() => Assert.Equal(2, RequestReader.Read(Valid, Inputs, Outputs, maxRows: 1000).Rows);

    [Fact]
    public void A_damaged_request_is_read_or_refused() => Mutation.Array[1, 6].Sample(
        mutations =>
        {
            var body = mutations.Aggregate(Valid, (b, mutate) => mutate(b));
            try
            {
                var read = RequestReader.Read(body, Inputs, Outputs, maxRows: 1000);
                Assert.All(read.Inputs, tensor => Assert.NotNull(tensor));
            }
            catch (RequestException e)
            {
                Assert.Equal(400, e.Status);
                Assert.NotEmpty(e.Message);
            }
        },
        iter: 30_000, threads: 1);

    [Fact]
    public void Nesting_without_end_is_refused()
    {
        var deep = Encoding.UTF8.GetBytes("""{"inputs":[{"name":"n","shape":[1],"datatype":"INT64","data":""" + new string('[', 1_000_000));

        Assert.Throws<RequestException>(() => RequestReader.Read(deep, Inputs, Outputs, maxRows: 1000));
    }

    private static byte[] Replace(byte[] body, int at, int length, byte[] by)
    {
        at %= body.Length + 1;
        length = Math.Min(length, body.Length - at);
        return [.. body[..at], .. by, .. body[(at + length)..]];
    }

    private static byte[] Part(byte[] body, int from, int length)
    {
        from %= body.Length + 1;
        return body[from..Math.Min(body.Length, from + length)];
    }
}
