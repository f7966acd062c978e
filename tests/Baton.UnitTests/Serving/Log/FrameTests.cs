using Baton.Serving.Log;
using CsCheck;
using Xunit;

namespace Baton.UnitTests.Serving.Log;

public sealed class FrameTests
{
    private static readonly Gen<SpoolHead> Heads =
        from names in Gen.String.Array[5]
        from numbers in Gen.Long.Array[2]
        from propensity in Gen.Double.Unit
        select new SpoolHead(names[0], names[1], names[2], names[3], names[4], numbers[0], numbers[1], propensity);

    private static readonly Gen<SpoolRow[]> Answers =
        from head in Heads
        from rows in Gen.Select(Gen.String, Gen.Long, Gen.Double.Nullable(), Gen.String, Gen.String, (id, time, score, inputs, outputs) => new SpoolRow(head, id, time, score, inputs, outputs)).Array[1, 5]
        select rows;

    [Fact]
    public void What_was_written_is_read_back() => Answers.Array[0, 5].Sample(answers =>
    {
        var segment = Written(answers);

        var rows = Frame.ReadAll(segment, out var whole);

        Assert.Equal(segment.Length, whole);
        Assert.Equal(answers.SelectMany(a => a), rows);
    }, iter: 300);

    [Fact]
    public void A_torn_end_loses_only_the_answer_that_was_being_written()
    {
        SpoolRow[][] answers = [Answer("a", 2), Answer("b", 3), Answer("c", 1)];
        var segment = Written(answers);
        var ends = Enumerable.Range(1, 3).Select(n => Written(answers[..n]).Length).ToArray();

        for (var length = 0; length <= segment.Length; length++)
        {
            var rows = Frame.ReadAll(segment[..length], out var whole);
            Assert.Equal(answers.Take(ends.Count(end => end <= length)).SelectMany(a => a), rows);
            Assert.Equal(ends.LastOrDefault(end => end <= length), whole);
        }
    }

    [Fact]
    public void A_flipped_bit_is_never_read_as_rows()
    {
        SpoolRow[][] answers = [Answer("a", 2), Answer("b", 3)];
        var segment = Written(answers);
        var first = Written(answers[..1]).Length;

        for (var bit = 0; bit < segment.Length * 8; bit++)
        {
            segment[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(bit / 8 < first ? [] : answers[0], Frame.ReadAll(segment, out _));
            segment[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    private static SpoolRow[] Answer(string prefix, int rows)
    {
        var head = new SpoolHead("default", "e", "champion", "1", "sha256:0", 1, 2, 1);
        return [.. Enumerable.Range(0, rows).Select(i => new SpoolRow(head, $"{prefix}{i}", i, i == 0 ? null : 0.5, """{"x":1}""", "{}"))];
    }

    private static byte[] Written(IEnumerable<SpoolRow[]> answers)
    {
        using var bytes = new MemoryStream();
        foreach (var answer in answers)
            Frame.Write(bytes, answer[0].Head, answer);
        return bytes.ToArray();
    }
}
