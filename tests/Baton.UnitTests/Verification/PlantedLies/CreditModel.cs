using Baton.Inference.Format;
using Baton.UnitTests.Inference;
using Google.Protobuf;

namespace Baton.UnitTests.Verification.PlantedLies;

/// <summary>
/// A small honest model with its preprocessing inside, as ONNX: fills in what is missing, scales three numbers, looks a region up, and gives
/// <c>score</c> = sigmoid(…) [N, 1]. Its parts are open so that a liar can change them.
/// </summary>
internal sealed class CreditModel
{
    private const int Float = 1;
    private const int Text = 8;

    public static readonly string[] Numbers = ["amount", "age", "income"];
    public static readonly string[] Regions = ["north", "south", "east", "west"];

    public float[] Means { get; set; } = [500, 40, 3000];

    public float[] Deviations { get; set; } = [200, 12, 900];

    /// <summary>Weights of the scaled numbers.</summary>
    public float[] Weights { get; set; } = [1.1f, -0.5f, -0.9f];

    /// <summary>What a region adds.</summary>
    public float[] RegionWeights { get; set; } = [0.3f, -0.3f, 0.1f, -0.1f];

    public float Intercept { get; set; } = 0.1f;

    /// <summary>Whether a missing number is taken for the mean.</summary>
    public bool FillsMissing { get; set; } = true;

    /// <summary>Whether it scales its numbers itself.</summary>
    public bool Scales { get; set; } = true;

    /// <summary>What the score is multiplied with before the sigmoid: above 1 it is too sure of itself.</summary>
    public float Sharpness { get; set; } = 1;

    public int Opset { get; set; } = 16;

    /// <summary>A change to the finished graph.</summary>
    public Action<ModelProto>? Finish { get; set; }

    /// <summary>The score as the training framework would give it, in double precision.</summary>
    public double Score(IReadOnlyList<double> numbers, string region)
    {
        double sum = Intercept;
        for (var i = 0; i < Numbers.Length; i++)
        {
            var value = double.IsNaN(numbers[i]) ? Means[i] : numbers[i];
            sum += Weights[i] * (Scales ? (value - Means[i]) / Deviations[i] : value);
        }

        var at = Array.IndexOf(Regions, region);
        return 1 / (1 + Math.Exp(-Sharpness * (sum + (at < 0 ? 0 : RegionWeights[at]))));
    }

    /// <summary>The model as a file.</summary>
    public ModelProto Build()
    {
        var graph = new GraphProto { Name = "credit" };
        foreach (var number in Numbers)
            graph.Input.Add(TestModels.Value(number, Float, -1, 1));
        graph.Input.Add(TestModels.Value("region", Text, -1, 1));
        graph.Output.Add(TestModels.Value("score", Float, -1, 1));
        Constant(graph, "means", [3], Means);
        Constant(graph, "deviations", [3], Deviations);
        Constant(graph, "weights", [3, 1], Weights);
        Constant(graph, "intercept", [1], [Intercept]);
        Constant(graph, "sharpness", [1], [Sharpness]);

        Node(graph, "Concat", Numbers, "raw", new AttributeProto { Name = "axis", I = 1, Type = AttributeProto.Types.AttributeType.Int });
        var numbers = "raw";
        if (FillsMissing)
        {
            Node(graph, "IsNaN", ["raw"], "missing");
            Node(graph, "Where", ["missing", "means", "raw"], "whole");
            numbers = "whole";
        }

        if (Scales)
        {
            Node(graph, "Sub", [numbers, "means"], "centred");
            Node(graph, "Div", ["centred", "deviations"], "scaled");
            numbers = "scaled";
        }

        Node(graph, "MatMul", [numbers, "weights"], "linear");
        var lookup = new AttributeProto { Name = "keys_strings", Type = AttributeProto.Types.AttributeType.Strings };
        lookup.Strings.AddRange(Regions.Select(ByteString.CopyFromUtf8));
        var found = new AttributeProto { Name = "values_floats", Type = AttributeProto.Types.AttributeType.Floats };
        found.Floats.AddRange(RegionWeights);
        Node(graph, "LabelEncoder", ["region"], "place", lookup, found, new AttributeProto { Name = "default_float", F = 0, Type = AttributeProto.Types.AttributeType.Float });
        graph.Node[^1].Domain = "ai.onnx.ml";
        Node(graph, "Add", ["linear", "place"], "sum");
        Node(graph, "Add", ["sum", "intercept"], "raised");
        Node(graph, "Mul", ["raised", "sharpness"], "logit");
        Node(graph, "Sigmoid", ["logit"], "score");
        var model = new ModelProto
        {
            IrVersion = 8,
            ProducerName = "skl2onnx",
            ProducerVersion = "1.19.1",
            Graph = graph,
            OpsetImport = { new OperatorSetIdProto { Version = Opset }, new OperatorSetIdProto { Domain = "ai.onnx.ml", Version = 2 } },
        };
        Finish?.Invoke(model);
        return model;
    }

    /// <summary>Puts a node between the logit and the sigmoid.</summary>
    public static void BeforeSigmoid(ModelProto model, params NodeProto[] nodes)
    {
        var sigmoid = model.Graph.Node.Single(n => n.OpType == "Sigmoid");
        model.Graph.Node.Remove(sigmoid);
        model.Graph.Node.AddRange(nodes);
        sigmoid.Input[0] = nodes[^1].Output[0];
        model.Graph.Node.Add(sigmoid);
    }

    public static NodeProto Step(string operation, string[] inputs, string output, params AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = operation, Name = output };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        node.Attribute.AddRange(attributes);
        return node;
    }

    public static AttributeProto Whole(string name, long value) => new() { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int };

    public static void Constant(GraphProto graph, string name, long[] shape, float[] values)
    {
        var tensor = new TensorProto { Name = name, DataType = Float };
        tensor.Dims.AddRange(shape);
        tensor.FloatData.AddRange(values);
        graph.Initializer.Add(tensor);
    }

    private static void Node(GraphProto graph, string operation, string[] inputs, string output, params AttributeProto[] attributes) =>
        graph.Node.Add(Step(operation, inputs, output, attributes));
}
