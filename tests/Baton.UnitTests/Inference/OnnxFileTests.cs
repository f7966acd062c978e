using Baton.Inference;
using Baton.Inference.Format;
using Xunit;

namespace Baton.UnitTests.Inference;

public sealed class OnnxFileTests
{
    [Fact]
    public void Tells_the_interface_and_versions_of_the_flights_champion()
    {
        var model = OnnxFile.Describe(TestModels.Champion);

        Assert.Equal(
            ["hour FP32 [-1, 1]", "weekday FP32 [-1, 1]", "distance FP32 [-1, 1]", "origin BYTES [-1, 1]", "destination BYTES [-1, 1]"],
            model.Inputs.Select(i => i.ToString()));
        Assert.Equal(["label INT64 [-1]", "probabilities FP32 [-1, 2]"], model.Outputs.Select(o => o.ToString()));
        Assert.Equal(("skl2onnx", "1.21.0", 10), (model.ProducerName, model.ProducerVersion, model.IrVersion));
        Assert.Equal(new Dictionary<string, long> { ["ai.onnx"] = 21, ["ai.onnx.ml"] = 1 }, model.Opsets);
    }

    [Theory]
    [InlineData("champion")]
    [InlineData("baseline")]
    [InlineData("challenger")]
    public void Tells_the_same_interface_as_the_runtime(string model)
    {
        var path = TestModels.Flights(model, "model.onnx");
        using var session = ModelSession.Load(path);
        var described = OnnxFile.Describe(path);

        Assert.Equal(session.Inputs.Select(i => i.ToString()), described.Inputs.Select(i => i.ToString()));
        Assert.Equal(session.Outputs.Select(o => o.ToString()), described.Outputs.Select(o => o.ToString()));
    }

    [Fact]
    public void An_initialiser_that_is_listed_as_an_input_is_no_input()
    {
        var model = TestModels.Identity(1, -1, 2);
        model.Graph.Input.Add(TestModels.Value("weights", 1, 3));
        model.Graph.Initializer.Add(TestModels.Floats("weights", 1, 2, 3));

        var described = model.Describe();

        Assert.Equal(["x"], described.Inputs.Select(i => i.Name));
        Assert.Equal(3, described.Parameters.Total);
    }

    [Fact]
    public void Tells_the_metadata_of_the_file()
    {
        var model = TestModels.Identity(1, -1);
        model.MetadataProps.Add(new StringStringEntryProto { Key = "trained_by", Value = "ana" });

        Assert.Equal("ana", model.Describe().Metadata["trained_by"]);
    }

    [Theory]
    [InlineData(9, "BOOL")]
    [InlineData(3, "INT8")]
    [InlineData(5, "INT16")]
    [InlineData(6, "INT32")]
    [InlineData(7, "INT64")]
    [InlineData(2, "UINT8")]
    [InlineData(4, "UINT16")]
    [InlineData(12, "UINT32")]
    [InlineData(13, "UINT64")]
    [InlineData(10, "FP16")]
    [InlineData(1, "FP32")]
    [InlineData(11, "FP64")]
    [InlineData(8, "BYTES")]
    public void Names_element_types_as_the_inference_protocol_does(int elementType, string datatype) =>
        Assert.Equal($"x {datatype} [-1, 4]", TestModels.Identity(elementType, -1, 4).Describe().Inputs.Single().ToString());

    [Fact]
    public void Refuses_an_element_type_without_a_datatype() =>
        Assert.Contains("Output 'y' has ONNX element type 14", Refused(TestModels.Identity(14, -1)));

    [Fact]
    public void Refuses_the_sequence_of_maps_that_a_zipmap_gives_and_says_how_to_export_without_it()
    {
        var model = TestModels.Identity(1, -1);
        model.Graph.Output[0].Type = new TypeProto { SequenceType = new TypeProto.Types.Other() };

        var refusal = Refused(model);

        Assert.Contains("Output 'y' is a sequence", refusal);
        Assert.Contains("options={'zipmap': False}", refusal);
    }

    [Fact]
    public void Refuses_a_model_without_graph_or_operator_sets_or_outputs()
    {
        Assert.Contains("has no graph", Refused(new ModelProto { IrVersion = 8 }));

        var noOpset = TestModels.Identity(1, -1);
        noOpset.OpsetImport.Clear();
        Assert.Contains("operator sets", Refused(noOpset));

        var noOutput = TestModels.Identity(1, -1);
        noOutput.Graph.Output.Clear();
        Assert.Contains("no output", Refused(noOutput));

        var orphan = TestModels.Identity(1, -1);
        orphan.Graph.Node.Clear();
        Assert.Contains("no operator makes its output 'y'", Refused(orphan));
    }

    [Fact]
    public void Refuses_an_operator_of_a_domain_whose_version_is_not_told()
    {
        var model = TestModels.Identity(1, -1);
        model.Graph.Node.Add(new NodeProto { OpType = "Scaler", Domain = "ai.onnx.ml" });

        Assert.Contains("operator Scaler of domain 'ai.onnx.ml'", Refused(model));
    }

    private static string Refused(ModelProto model) => Assert.Throws<InvalidModelException>(() => model.Describe()).Message;
}
