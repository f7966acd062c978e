using Baton.Inference.Format;
using Google.Protobuf;

namespace Baton.Inference;

/// <summary>Reads ONNX files without running them.</summary>
public static class OnnxFile
{
    private const int MostBytes = int.MaxValue;
    private const int DeepestNesting = 100;

    /// <summary>What the file tells of itself: interface, versions, how much it learned. Weights beside the file (external data) are not opened.</summary>
    /// <exception cref="InvalidModelException">The file is not a whole ONNX model with tensors in and out; the message says why.</exception>
    public static ModelDescription Describe(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > MostBytes)
            {
                throw new InvalidModelException(
                    $"it has {file.Length:N0} bytes and an ONNX file ends at 2 GiB. Keep large weights beside it as external data.");
            }

            if (ForeignFormat.Of(file) is { } foreign)
                throw new InvalidModelException(foreign);
            using var bounded = CodedInputStream.CreateWithLimits(file, MostBytes, DeepestNesting);
            return Describe(ModelProto.Parser.WithDiscardUnknownFields(true).ParseFrom(bounded));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidModelException($"There is no model file at '{path}'.", e);
        }
        catch (Exception e) when (e is IOException and not InvalidProtocolBufferException or UnauthorizedAccessException)
        {
            throw new InvalidModelException($"'{path}' cannot be read: {e.Message}", e);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new InvalidModelException(
                $"'{path}' is not an ONNX model, or a part of one (cut short or damaged): {e.Message} "
                + "Export it again, or compare its digest with the original's.",
                e);
        }
        catch (InvalidModelException e)
        {
            throw new InvalidModelException($"'{path}' is not an ONNX model that Baton can take: {e.Message}", e.InnerException);
        }
    }

    private static ModelDescription Describe(ModelProto model)
    {
        if (model.Graph is not { } graph)
            throw new InvalidModelException("it has no graph. Is it another file, or one that was cut short?");
        if (model.IrVersion <= 0)
            throw new InvalidModelException("it does not tell its ONNX IR version.");
        if (model.OpsetImport.Count == 0)
            throw new InvalidModelException("it does not tell the operator sets it uses. Was it cut short?");

        var opsets = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var opset in model.OpsetImport)
            opsets[Domain(opset.Domain)] = opset.Version;
        foreach (var node in Graphs.NodesOf(graph))
        {
            if (!opsets.ContainsKey(Domain(node.Domain)))
            {
                throw new InvalidModelException(
                    $"it uses operator {node.OpType} of domain '{Domain(node.Domain)}' without telling which version of that operator set. "
                    + "Was it cut short?");
            }
        }

        var initialisers = graph.Initializer.Select(i => i.Name)
            .Concat(graph.SparseInitializer.Select(s => s.Values?.Name ?? ""))
            .ToHashSet(StringComparer.Ordinal);
        IReadOnlyList<TensorSpec> outputs = [.. graph.Output.Select(o => Spec("Output", o))];
        if (outputs.Count == 0)
            throw new InvalidModelException("its graph has no output.");
        var made = graph.Node.SelectMany(n => n.Output).Concat(graph.Input.Select(i => i.Name)).Concat(initialisers).ToHashSet(StringComparer.Ordinal);
        if (outputs.FirstOrDefault(o => !made.Contains(o.Name)) is { } orphan)
            throw new InvalidModelException($"no operator makes its output '{orphan.Name}'. Was it cut short?");

        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in model.MetadataProps)
            metadata[entry.Key] = entry.Value;

        return new ModelDescription
        {
            Inputs = [.. graph.Input.Where(i => !initialisers.Contains(i.Name)).Select(i => Spec("Input", i))],
            Outputs = outputs,
            IrVersion = model.IrVersion,
            ProducerName = model.ProducerName,
            ProducerVersion = model.ProducerVersion,
            Opsets = opsets,
            Parameters = LearnedValues.Count(model),
            Precision = StoredPrecision.Of(model),
            Operators = OperatorsOf(model),
            ExternalFiles = ExternalFilesOf(graph),
            Metadata = metadata,
        };
    }

    private static string[] OperatorsOf(ModelProto model)
    {
        var defined = model.Functions.Select(f => (Domain(f.Domain), f.Name)).ToHashSet();
        var nodes = Graphs.NodesOf(model.Graph)
            .Concat(model.Functions.SelectMany(f => f.Node.Concat(f.Node.SelectMany(Graphs.Inside).SelectMany(Graphs.NodesOf))));
        return [.. nodes.Select(n => (Domain: Domain(n.Domain), n.OpType)).Where(n => !defined.Contains(n)).Select(n => $"{n.Domain} {n.OpType}").Distinct().Order(StringComparer.Ordinal)];
    }

    private static string[] ExternalFilesOf(GraphProto graph) =>
    [
        .. Graphs.Of(graph).SelectMany(g => g.Initializer.Concat(g.Node.SelectMany(n => n.Attribute).Select(a => a.T).OfType<TensorProto>()))
            .SelectMany(t => t.ExternalData).Where(e => e.Key == "location").Select(e => e.Value).Distinct().Order(StringComparer.Ordinal),
    ];

    private static TensorSpec Spec(string side, ValueInfoProto value)
    {
        if (value.Name.Length == 0)
            throw new InvalidModelException($"one of its {side.ToLowerInvariant()}s has no name.");
        if (value.Type?.ValueCase is not TypeProto.ValueOneofCase.TensorType)
            throw new InvalidModelException(Refusals.NotATensor(side, value.Name, value.Type?.ValueCase switch
            {
                TypeProto.ValueOneofCase.SequenceType => "a sequence",
                TypeProto.ValueOneofCase.MapType => "a map",
                TypeProto.ValueOneofCase.OptionalType => "an optional value",
                TypeProto.ValueOneofCase.SparseTensorType => "a sparse tensor",
                _ => "of no known type",
            }));
        var tensor = value.Type.TensorType;
        var datatype = Datatypes.OfOnnx(tensor.ElemType) ?? throw new InvalidModelException(Refusals.NoDatatype(side, value.Name, tensor.ElemType));
        IEnumerable<TensorShapeProto.Types.Dimension> dimensions = tensor.Shape?.Dim ?? [];
        return new TensorSpec(value.Name, datatype, [.. dimensions.Select(d =>
            d.ValueCase != TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue || d.DimValue < 0 ? -1 : d.DimValue)]);
    }

    private static string Domain(string domain) => domain.Length == 0 ? "ai.onnx" : domain;
}
