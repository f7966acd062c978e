using Baton.Inference;
using Baton.Inference.Format;
using Baton.Testing;
using Google.Protobuf;

namespace Baton.UnitTests.Inference;

/// <summary>Real models of the repository, and small ones made here.</summary>
internal static class TestModels
{
    public static string Champion => Flights("champion", "model.onnx");

    /// <summary>A file of the flights sample.</summary>
    public static string Flights(params string[] names) => Path.Combine([Repository.Root, "samples", "flights", .. names]);

    /// <summary>A file of the folder <c>models</c> beside these tests.</summary>
    public static string Small(string name) => Path.Combine(Repository.Root, "tests", "Baton.UnitTests", "models", name);

    /// <summary>A model that gives its one input back, of any ONNX element type and shape.</summary>
    public static ModelProto Identity(int elementType, params long[] shape)
    {
        var model = new ModelProto
        {
            IrVersion = 8,
            ProducerName = "tests",
            Graph = new GraphProto
            {
                Name = "identity",
                Node = { new NodeProto { OpType = "Identity", Input = { "x" }, Output = { "y" } } },
                Input = { Value("x", elementType, shape) },
                Output = { Value("y", elementType, shape) },
            },
            OpsetImport = { new OperatorSetIdProto { Version = 16 } },
        };
        return model;
    }

    public static ValueInfoProto Value(string name, int elementType, params long[] shape)
    {
        var dimensions = new TensorShapeProto();
        dimensions.Dim.AddRange(shape.Select(d => d < 0
            ? new TensorShapeProto.Types.Dimension { DimParam = "N" }
            : new TensorShapeProto.Types.Dimension { DimValue = d }));
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = elementType, Shape = dimensions } } };
    }

    /// <summary>A float tensor with its values.</summary>
    public static TensorProto Floats(string name, params float[] values) =>
        new() { Name = name, DataType = 1, Dims = { values.Length }, FloatData = { values } };

    /// <summary>Describes a model made here, by way of a file.</summary>
    public static ModelDescription Describe(this ModelProto model) => DescribeBytes(model.ToByteArray());

    public static ModelDescription DescribeBytes(byte[] bytes)
    {
        using var folder = new TempDirectory();
        File.WriteAllBytes(folder.File("model.onnx"), bytes);
        return OnnxFile.Describe(folder.File("model.onnx"));
    }

    /// <summary>Loads a model made here, by way of a file.</summary>
    public static ModelSession Load(this ModelProto model)
    {
        using var folder = new TempDirectory();
        File.WriteAllBytes(folder.File("model.onnx"), model.ToByteArray());
        return ModelSession.Load(folder.File("model.onnx"));
    }
}
