using Baton.Inference;
using Baton.Inference.Execution;
using CsCheck;
using Xunit;

namespace Baton.UnitTests.Inference.Execution;

public sealed class FrameCodecTests
{
    private static readonly Gen<Tensor> Tensors = Gen.OneOf<Tensor>(
        Gen.Float.Array[0, 40].Select(v => new Tensor("x", [v.Length], v)),
        Gen.Long.Array[0, 40].Select(v => new Tensor("x", [v.Length, 1], v)),
        Gen.Double.Array[0, 40].Select(v => new Tensor("x", [v.Length], v)),
        Gen.Bool.Array[0, 40].Select(v => new Tensor("x", [v.Length], v)),
        Gen.Short.Array[0, 40].Select(v => new Tensor("x", [v.Length], v)),
        Gen.Int[0, 30].Select(n => new Tensor("x", [n], new Half[n])),
        Gen.String[Gen.Char.AlphaNumeric, 0, 12].Array[0, 40].Select(v => new Tensor("x", [v.Length], v)),
        Gen.Const(new Tensor("scalar", [], new[] { 1.5f })),
        Gen.Const(new Tensor("x", [3], new[] { "", "é😀", "\0" })));

    [Fact]
    public void What_is_written_reads_back() => Tensors.Array[0, 5].Sample(tensors =>
    {
        var frame = new Frame(new FrameHeader { Verb = "predict", Path = "/a b/é.onnx", Bench = new BenchPlan(12.5, 3, 100, 7) }, [.. tensors.Select(TensorColumns.ToColumn)]);
        var read = Read(Bytes(frame))!;

        Assert.Equal(frame.Header with { Columns = [] }, read.Header with { Columns = [] });
        Assert.Equal(tensors.Length, read.Columns.Count);
        foreach (var (expected, actual) in tensors.Zip(read.Columns.Select(TensorColumns.ToTensor)))
        {
            Assert.Equal(expected.ToString(), actual.ToString());
            Assert.Equal(expected.Values, actual.Values);
        }
    });

    [Fact]
    public async Task Two_frames_in_a_row_are_read_one_after_the_other()
    {
        using var stream = new MemoryStream([.. Bytes(Request("load")), .. Bytes(Request("quit"))]);

        Assert.Equal("load", (await FrameCodec.ReadAsync(stream, default))!.Header.Verb);
        Assert.Equal("quit", (await FrameCodec.ReadAsync(stream, default))!.Header.Verb);
        Assert.Null(await FrameCodec.ReadAsync(stream, default));
    }

    [Fact]
    public void A_damaged_frame_is_a_frame_or_an_error_and_nothing_else()
    {
        var good = Bytes(new Frame(
            new FrameHeader { Verb = "predict" },
            [TensorColumns.ToColumn(new Tensor("hour", [3, 1], new[] { 1f, 2f, 3f })), TensorColumns.ToColumn(new Tensor("origin", [3], new[] { "ATL", "", "DFW" }))]));
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[0, good.Length]).Sample((at, with, length) =>
        {
            var damaged = good.ToArray();
            damaged[at] = with;
            try
            {
                foreach (var column in Read(damaged[..length])?.Columns ?? [])
                    TensorColumns.ToTensor(column);
            }
            catch (InvalidFrameException e)
            {
                Assert.NotEmpty(e.Message);
            }
        }, iter: 5_000);
    }

    [Theory]
    [InlineData("""{"verb":"ok","columns":[{"name":"x","datatype":"FP32","shape":[4611686018427387904,4],"bytes":4}]}""")]
    [InlineData("""{"verb":"ok","columns":[{"name":"x","datatype":"FP32","shape":[-1],"bytes":4}]}""")]
    [InlineData("""{"verb":"ok","columns":[{"name":"x","datatype":"FP32","shape":[2],"bytes":4}]}""")]
    [InlineData("""{"verb":"ok","columns":[{"name":"x","datatype":"FP31","shape":[1],"bytes":4}]}""")]
    [InlineData("""{"verb":"ok","columns":[{"name":"x","datatype":"FP32","shape":[1],"bytes":99999999999}]}""")]
    [InlineData("""{"verb":"ok","columns":[null]}""")]
    [InlineData("""{"verb":"ok","columns":null}""")]
    [InlineData("""{"verb":null}""")]
    [InlineData("""{}""")]
    [InlineData("""null""")]
    [InlineData("""not json""")]
    public void A_header_that_promises_the_impossible_is_refused(string json)
    {
        var header = System.Text.Encoding.UTF8.GetBytes(json);
        Assert.Throws<InvalidFrameException>(() => Read([.. "BMP1"u8, .. BitConverter.GetBytes(header.Length), .. header, 0, 0, 0, 0]));
    }

    [Fact]
    public void A_promise_of_much_takes_no_memory_before_the_bytes_come()
    {
        var header = """{"verb":"ok","columns":[{"name":"x","datatype":"UINT8","shape":[400000000],"bytes":400000000}]}"""u8.ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<InvalidFrameException>(() => Read([.. "BMP1"u8, .. BitConverter.GetBytes(header.Length), .. header, 1, 2, 3]));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    private static Frame Request(string verb) => new(new FrameHeader { Verb = verb });

    private static byte[] Bytes(Frame frame)
    {
        using var stream = new MemoryStream();
        FrameCodec.WriteAsync(stream, frame, default).GetAwaiter().GetResult();
        return stream.ToArray();
    }

    private static Frame? Read(byte[] bytes) => FrameCodec.ReadAsync(new MemoryStream(bytes), default).GetAwaiter().GetResult();
}
