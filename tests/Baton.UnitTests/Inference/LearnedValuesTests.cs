using Baton.Inference;
using Baton.Inference.Format;
using Google.Protobuf;
using Xunit;

namespace Baton.UnitTests.Inference;

/// <summary>Counts against what the training program says of its own model.</summary>
public sealed class LearnedValuesTests
{
    // The flights models see three scaled numbers and one column for each of 247 airports (origin and destination).
    private const int FlightsColumns = 3 + 247;

    [Fact]
    public void A_neural_network_has_its_weights_and_biases()
    {
        // Layers 64 and 10 over 64 pixels; the scaler has a mean and a scale for each pixel.
        Expect("digits.onnx", new() { ["initializers"] = 64 * 64 + 64 + 64 * 10 + 10, ["scaler"] = 2 * 64 });
        // Layers 256, 128 and 1; and the 1 that the other class's probability is subtracted from.
        Expect("flights-mlp.onnx", new() { ["initializers"] = FlightsColumns * 256 + 256 + 256 * 128 + 128 + 128 + 1 + 1, ["scaler"] = 2 * 3 });
    }

    [Fact]
    public void A_linear_model_has_coefficients_and_intercepts_of_every_class()
    {
        Expect(TestModels.Flights("baseline", "model.onnx"), new()
        {
            ["linear_coefficients"] = 2 * FlightsColumns,
            ["linear_intercepts"] = 2,
            ["scaler"] = 2 * 3,
        });
        // 751 words and their inverse document frequencies, three licences.
        Expect("licences.onnx", new() { ["initializers"] = 751, ["linear_coefficients"] = 3 * 751, ["linear_intercepts"] = 3 });
    }

    [Theory]
    [InlineData("wine.onnx", 60, 3)]
    [InlineData("diabetes.onnx", 100, 1)]
    [InlineData("champion", 120, 1)]
    [InlineData("challenger", 120, 1)]
    public void A_binary_tree_has_one_leaf_more_than_thresholds(string model, int trees, int weightsOfLeaf)
    {
        var kinds = OnnxFile.Describe(model.EndsWith(".onnx") ? TestModels.Small(model) : TestModels.Flights(model, "model.onnx")).Parameters.ByKind;

        Assert.Equal((kinds["tree_thresholds"] + trees) * weightsOfLeaf, kinds["tree_leaf_weights"]);
        Assert.True(kinds["tree_thresholds"] > 3 * trees);
    }

    [Fact]
    public void Shapes_axes_and_codes_are_not_learned()
    {
        var model = TestModels.Identity(1, -1);
        model.Graph.Initializer.Add(new TensorProto { Name = "shape", DataType = 7, Dims = { 2 }, RawData = ByteString.CopyFrom(new byte[16]) });
        model.Graph.Node.Add(Node("Constant", "", new AttributeProto { Name = "value", T = new TensorProto { DataType = 7, Dims = { 1 }, RawData = ByteString.CopyFrom(new byte[8]) } }));
        model.Graph.Node.Add(Node("Constant", "", new AttributeProto { Name = "value_ints" }));

        Assert.Equal(0, model.Describe().Parameters.Total);
        Assert.Empty(model.Describe().Parameters.ByKind);
    }

    [Fact]
    public void Constants_count_in_every_form_and_also_inside_branches_and_functions()
    {
        var value = Node("Constant", "", new AttributeProto { Name = "value", T = TestModels.Floats("c", 1, 2, 3) });
        var branch = new GraphProto { Node = { Node("Constant", "", new AttributeProto { Name = "value_floats", Floats = { 1, 2 } }) }, Initializer = { TestModels.Floats("w", 1, 2, 3, 4) } };
        var model = TestModels.Identity(1, -1);
        model.Graph.Node.Add(value);
        model.Graph.Node.Add(Node("If", "", new AttributeProto { Name = "then_branch", G = branch }));
        model.Functions.Add(new FunctionProto { Name = "f", Node = { Node("Constant", "", new AttributeProto { Name = "value_float" }) } });

        Assert.Equal(new Dictionary<string, long> { ["constants"] = 3 + 2 + 1, ["initializers"] = 4 }, model.Describe().Parameters.ByKind);
    }

    [Fact]
    public void Halves_doubles_and_weights_beside_the_file_count_and_bytes_must_agree()
    {
        var model = TestModels.Identity(1, -1);
        model.Graph.Initializer.Add(new TensorProto { Name = "half", DataType = 10, Dims = { 3, 5 }, RawData = ByteString.CopyFrom(new byte[30]) });
        model.Graph.Initializer.Add(new TensorProto { Name = "double", DataType = 11, Dims = { 2 }, DoubleData = { 1, 2 } });
        model.Graph.Initializer.Add(new TensorProto
        {
            Name = "beside",
            DataType = 1,
            Dims = { 1000, 1000 },
            DataLocation = 1,
            ExternalData = { new StringStringEntryProto { Key = "location", Value = "w.bin" }, new StringStringEntryProto { Key = "length", Value = "4000000" } },
        });
        Assert.Equal(15 + 2 + 1_000_000, model.Describe().Parameters.Total);

        model.Graph.Initializer[2].ExternalData[1].Value = "4";
        Assert.Contains("tensor 'beside'", Assert.Throws<InvalidModelException>(() => model.Describe()).Message);
    }

    [Fact]
    public void Trees_of_the_newer_operator_and_support_vectors_count()
    {
        var model = TestModels.Identity(1, -1);
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "ai.onnx.ml", Version = 5 });
        model.Graph.Node.Add(Node("TreeEnsemble", "ai.onnx.ml",
            new AttributeProto { Name = "nodes_splits", T = TestModels.Floats("s", 1, 2, 3) },
            new AttributeProto { Name = "leaf_weights", T = TestModels.Floats("l", 1, 2, 3, 4) }));
        model.Graph.Node.Add(Node("SVMRegressor", "ai.onnx.ml",
            new AttributeProto { Name = "support_vectors", Floats = { 1, 2, 3, 4, 5, 6 } },
            new AttributeProto { Name = "coefficients", Floats = { 1, 2 } },
            new AttributeProto { Name = "rho", Floats = { 1 } },
            new AttributeProto { Name = "kernel_params", Floats = { 1, 2, 3 } }));

        Assert.Equal(
            new Dictionary<string, long> { ["svm_coefficients"] = 2, ["svm_offsets"] = 1, ["svm_support_vectors"] = 6, ["tree_leaf_weights"] = 4, ["tree_thresholds"] = 3 },
            model.Describe().Parameters.ByKind);
    }

    [Fact]
    public void Refuses_trees_whose_lists_differ_in_length()
    {
        var model = TestModels.Identity(1, -1);
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "ai.onnx.ml", Version = 1 });
        model.Graph.Node.Add(Node("TreeEnsembleRegressor", "ai.onnx.ml", new AttributeProto { Name = "nodes_values", Floats = { 1, 2 } }));

        Assert.Contains("0 node modes for 2 node values", Assert.Throws<InvalidModelException>(() => model.Describe()).Message);
    }

    private static NodeProto Node(string type, string domain, params AttributeProto[] attributes) => new() { OpType = type, Domain = domain, Attribute = { attributes } };

    private static void Expect(string model, Dictionary<string, long> kinds)
    {
        var parameters = OnnxFile.Describe(Path.IsPathRooted(model) ? model : TestModels.Small(model)).Parameters;
        Assert.Equal(kinds, parameters.ByKind);
        Assert.Equal(kinds.Values.Sum(), parameters.Total);
    }
}
