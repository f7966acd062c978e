using Baton.Inference;
using Baton.Inference.Format;
using Baton.Storage.Tables;
using Xunit;

namespace Baton.UnitTests.Inference;

public sealed class ModelSessionTests
{
    [Theory]
    [InlineData("champion")]
    [InlineData("baseline")]
    [InlineData("challenger")]
    public async Task Gives_the_scores_of_the_flights_models(string model)
    {
        var table = await ParquetFile.ReadAsync(TestModels.Flights(model, "test-predictions.parquet"));
        using var session = ModelSession.Load(TestModels.Flights(model, "model.onnx"));

        var outputs = session.Run([.. session.Inputs.Select(i => new Tensor(i.Name, [table.Rows, 1], table[i.Name].Values))]);

        Assert.Equal(12_000, outputs[1].Rows);
        AssertWithin(1e-6, table["onnx_score"].AsDoubles(), outputs[1].ColumnAsDoubles(1));
        AssertWithin(0, table["onnx_score"].AsDoubles().Select(s => s > 0.5 ? 1d : 0).ToArray(), outputs[0].ColumnAsDoubles());
    }

    [Theory]
    [InlineData("digits", "pixels", 64, 10)]
    [InlineData("wine", "features", 13, 3)]
    public async Task Gives_the_scores_of_every_class(string model, string input, int width, int classes)
    {
        var table = await ParquetFile.ReadAsync(TestModels.Small($"{model}-test.parquet"));
        using var session = ModelSession.Load(TestModels.Small($"{model}.onnx"));

        var outputs = session.Run([Matrix(input, table, width)]);

        Assert.Equal((classes, table.Rows), (outputs[1].Width, outputs[1].Rows));
        AssertWithin(0, table["prediction"].AsDoubles(), outputs[0].ColumnAsDoubles());
        for (var c = 0; c < classes; c++)
            AssertWithin(1e-5, table[$"score_{c}"].AsDoubles(), outputs[1].ColumnAsDoubles(c));
    }

    [Fact]
    public async Task Gives_the_values_of_a_regression()
    {
        var table = await ParquetFile.ReadAsync(TestModels.Small("diabetes-test.parquet"));
        using var session = ModelSession.Load(TestModels.Small("diabetes.onnx"));

        AssertWithin(1e-3, table["prediction"].AsDoubles(), session.Run([Matrix("features", table, 10)])[0].ColumnAsDoubles());
    }

    [Fact]
    public async Task Takes_text()
    {
        var table = await ParquetFile.ReadAsync(TestModels.Small("licences-test.parquet"));
        using var session = ModelSession.Load(TestModels.Small("licences.onnx"));

        var outputs = session.Run([new Tensor("text", [table.Rows, 1], table["text"].AsStrings())]);

        AssertWithin(0, table["prediction"].AsDoubles(), outputs[0].ColumnAsDoubles());
        for (var c = 0; c < 3; c++)
            AssertWithin(1e-5, table[$"score_{c}"].AsDoubles(), outputs[1].ColumnAsDoubles(c));
    }

    public static TheoryData<int, Array> EveryDatatype => new()
    {
        { 9, new[] { true, false, true } },
        { 3, new sbyte[] { -128, 0, 127 } },
        { 5, new short[] { -32768, 0, 32767 } },
        { 6, new[] { int.MinValue, 0, int.MaxValue } },
        { 7, new[] { long.MinValue, 0, long.MaxValue } },
        { 2, new byte[] { 0, 1, 255 } },
        { 4, new ushort[] { 0, 1, 65535 } },
        { 12, new uint[] { 0, 1, uint.MaxValue } },
        { 13, new ulong[] { 0, 1, ulong.MaxValue } },
        { 10, new[] { (Half)(-1.5), (Half)0, Half.MaxValue } },
        { 1, new[] { float.MinValue, 0.1f, float.NaN } },
        { 11, new[] { double.MinValue, 0.1, double.PositiveInfinity } },
        { 8, new[] { "", "naïve 😀", "a\nb" } },
    };

    [Theory]
    [MemberData(nameof(EveryDatatype))]
    public void Carries_values_of_every_datatype_unchanged(int elementType, Array values)
    {
        using var session = TestModels.Identity(elementType, -1).Load();

        var output = session.Run([new Tensor("x", [3], values)]).Single();

        Assert.Equal(values.GetType(), output.Values.GetType());
        Assert.Equal(values, output.Values);
        Assert.Equal(session.Outputs[0].Datatype, output.Datatype);
    }

    [Theory]
    [InlineData(12)]
    [InlineData(2)]
    public void Reads_unsigned_numbers_as_unsigned(int elementType)
    {
        using var session = TestModels.Identity(elementType, -1).Load();
        Array values = elementType == 2 ? new byte[] { 200 } : new[] { 4_000_000_000 };

        Assert.Equal(elementType == 2 ? 200 : 4_000_000_000, session.Run([new Tensor("x", [1], values)])[0].ColumnAsDoubles()[0]);
    }

    [Fact]
    public void Runs_on_no_rows()
    {
        using var session = TestModels.Identity(1, -1, 2).Load();

        var output = session.Run([new Tensor("x", [0, 2], Array.Empty<float>())]).Single();

        Assert.Equal((0, 2), (output.Rows, output.Width));
        Assert.Empty(output.ColumnAsDoubles(1));
    }

    [Fact]
    public async Task Runs_from_several_threads_at_once()
    {
        using var session = TestModels.Identity(7, -1).Load();

        await Parallel.ForAsync(0, 200, (i, _) =>
        {
            Assert.Equal([(long)i], (long[])session.Run([new Tensor("x", [1], new[] { (long)i })])[0].Values);
            return ValueTask.CompletedTask;
        });
    }

    [Fact]
    public void Names_the_runtime_and_its_version() => Assert.Matches(@"^ONNX Runtime \d+\.\d+\.\d+, CPU$", ModelSession.RuntimeName);

    [Fact]
    public void Refuses_a_model_whose_operator_the_runtime_does_not_have()
    {
        var model = TestModels.Identity(1, -1);
        model.Graph.Node[0].OpType = "Divine";

        Assert.Contains("Divine", Assert.Throws<InvalidModelException>(() => model.Load()).Message);
    }

    [Fact]
    public void Tells_a_failure_while_running_from_wrong_input()
    {
        // Reshape to five values can only fail once the number of values is known.
        var model = TestModels.Identity(1, -1);
        model.Graph.Node[0] = new NodeProto { OpType = "Reshape", Input = { "x", "five" }, Output = { "y" } };
        model.Graph.Initializer.Add(new TensorProto { Name = "five", DataType = 7, Dims = { 1 }, RawData = Google.Protobuf.ByteString.CopyFrom(BitConverter.GetBytes(5L)) });
        using var session = model.Load();

        Assert.Equal(5, session.Run([new Tensor("x", [5], new float[5])])[0].Rows);
        Assert.Contains("x FP32 [4]", Assert.Throws<ModelRunException>(() => session.Run([new Tensor("x", [4], new float[4])])).Message);
    }

    private static Tensor Matrix(string input, Table table, int width)
    {
        // The features are the columns after the id.
        var columns = table.Columns.Skip(1).Take(width).Select(c => (float[])c.Values).ToArray();
        var values = new float[table.Rows * width];
        for (var row = 0; row < table.Rows; row++)
            for (var i = 0; i < width; i++)
                values[row * width + i] = columns[i][row];
        return new Tensor(input, [table.Rows, width], values);
    }

    private static void AssertWithin(double tolerance, double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var worst = expected.Zip(actual).Max(p => Math.Abs(p.First - p.Second));
        Assert.True(worst <= tolerance, $"they differ by {worst}");
    }
}
