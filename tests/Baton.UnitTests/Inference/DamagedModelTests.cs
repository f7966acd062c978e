using System.Text;
using Baton.Inference;
using Baton.Inference.Format;
using Baton.Testing;
using CsCheck;
using Google.Protobuf;
using Xunit;

namespace Baton.UnitTests.Inference;

/// <summary>Files that are no models, or no longer.</summary>
public sealed class DamagedModelTests
{
    [Theory]
    [InlineData("import pandas as pd\n", "a text file")]
    [InlineData("{\"onnx\": true}", "a text file")]
    [InlineData("\u0089PNG\r\n\u001a\n\0\0\0", "a PNG image")]
    [InlineData("PK\u0003\u0004....", "a zip archive")]
    [InlineData("PAR1\u0015\u0004", "a Parquet file")]
    [InlineData("\u0080\u0004\u0095\u0010\0", "a Python pickle")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:12\n", "git lfs pull")]
    [InlineData("", "it is empty")]
    public void Says_what_a_file_is_that_is_no_model(string content, string said)
    {
        using var folder = new TempDirectory();
        File.WriteAllBytes(folder.File("model.onnx"), Encoding.Latin1.GetBytes(content));

        var refusal = Assert.Throws<InvalidModelException>(() => OnnxFile.Describe(folder.File("model.onnx"))).Message;

        Assert.Contains(said, refusal);
        Assert.Contains(folder.File("model.onnx"), refusal);
        Assert.Throws<InvalidModelException>(() => ModelSession.Load(folder.File("model.onnx")));
    }

    [Fact]
    public void Says_that_there_is_no_file()
    {
        Assert.Contains("There is no model file at '/nowhere/model.onnx'", Assert.Throws<InvalidModelException>(() => OnnxFile.Describe("/nowhere/model.onnx")).Message);
        Assert.Contains("There is no model file at '/nowhere/model.onnx'", Assert.Throws<InvalidModelException>(() => ModelSession.Load("/nowhere/model.onnx")).Message);
    }

    [Theory]
    [InlineData("champion")]
    [InlineData("baseline")]
    public void Refuses_a_model_cut_short_at_any_length(string model)
    {
        var whole = File.ReadAllBytes(TestModels.Flights(model, "model.onnx"));
        var lengths = Enumerable.Range(1, 60).Concat(Enumerable.Range(1, 60).Select(i => whole.Length - i))
            .Concat(Enumerable.Range(1, 200).Select(i => (int)((long)whole.Length * i / 201)));

        foreach (var length in lengths)
        {
            var e = Assert.Throws<InvalidModelException>(() => TestModels.DescribeBytes(whole[..length]));
            Assert.True(e.Message.Contains("short") || e.Message.Contains("does not tell"), $"at {length}: {e.Message}");
        }
    }

    [Fact]
    public void Random_damage_is_refused_or_described_and_nothing_else()
    {
        var whole = File.ReadAllBytes(TestModels.Flights("baseline", "model.onnx"));
        var change = Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte);

        change.Array[1, 12].Sample(
            changes =>
            {
                var damaged = (byte[])whole.Clone();
                foreach (var (at, value) in changes)
                    damaged[at] = value;
                try
                {
                    TestModels.DescribeBytes(damaged);
                }
                catch (InvalidModelException)
                {
                }
            },
            iter: 1_000, threads: 1);
    }

    [Fact]
    public void Noise_is_refused() => Gen.Byte.Array[1, 400].Sample(
        noise => { Assert.Throws<InvalidModelException>(() => TestModels.DescribeBytes(noise)); }, iter: 300, threads: 1);

    [Theory]
    [InlineData(new long[] { 1L << 40, 1L << 40 })]
    [InlineData(new[] { long.MaxValue, long.MaxValue, long.MaxValue, 2 })]
    [InlineData(new[] { 1_000_000_000L })]
    [InlineData(new[] { -3L })]
    [InlineData(new[] { 3L })]
    public void Refuses_a_tensor_that_declares_other_values_than_it_carries(long[] shape)
    {
        var model = TestModels.Identity(1, -1);
        model.Graph.Initializer.Add(new TensorProto { Name = "weights", DataType = 1, Dims = { shape }, RawData = ByteString.CopyFrom(new byte[8]) });

        var refusal = Assert.Throws<InvalidModelException>(() => model.Describe()).Message;

        Assert.Contains("tensor 'weights' declares the shape", refusal);
    }

    [Fact]
    public void Refuses_graphs_nested_without_end()
    {
        var graph = TestModels.Identity(1, -1).Graph;
        for (var depth = 0; depth < 200; depth++)
            graph = new GraphProto { Node = { new NodeProto { OpType = "If", Attribute = { new AttributeProto { G = graph } } } } };
        var model = TestModels.Identity(1, -1);
        model.Graph.Node.Add(graph.Node);

        Assert.Throws<InvalidModelException>(() => model.Describe());
    }
}
