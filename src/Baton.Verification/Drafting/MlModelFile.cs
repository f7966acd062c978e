using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Baton.Verification.Drafting;

/// <summary>MLflow's description of a package: which flavours it has and where their files are.</summary>
internal static class MlModelFile
{
    /// <summary>Its name in the package.</summary>
    public const string Name = "MLmodel";

    private const long MostBytes = 1 << 20;

    /// <summary>The path, in the package, of the ONNX flavour's model.</summary>
    public static string OnnxPath(string file)
    {
        var flavours = Child(Root(file), "flavors") as YamlMappingNode
            ?? throw new DraftException($"'{file}' has no 'flavors': it is not MLflow's description of a model.");
        if (Child(flavours, "onnx") is not YamlMappingNode onnx)
        {
            throw new DraftException($"'{file}' has no onnx flavour, only {string.Join(", ", flavours.Children.Keys)}. "
                + "Log the model with mlflow.onnx.log_model, after converting it (for scikit-learn: skl2onnx.to_onnx).");
        }

        if (Child(onnx, "data") is not YamlScalarNode { Value: { Length: > 0 } path })
            throw new DraftException($"'{file}' does not tell where its onnx flavour has the model (flavors.onnx.data).");
        path = path.Replace('\\', '/');
        if (path.StartsWith('/') || path.Split('/').Contains(".."))
            throw new DraftException($"'{file}' names '{path}' as the model, which is outside the package.");
        return path;
    }

    private static YamlNode? Root(string file)
    {
        try
        {
            if (new FileInfo(file).Length > MostBytes)
                throw new DraftException($"'{file}' has more than {MostBytes:N0} bytes: it is not MLflow's description of a model.");
            using var text = new StreamReader(file);
            var yaml = new YamlStream();
            yaml.Load(text);
            return yaml.Documents.Count == 0 ? null : yaml.Documents[0].RootNode;
        }
        catch (YamlException e)
        {
            throw new DraftException($"'{file}', line {e.Start.Line}, column {e.Start.Column}: {e.Message}", e);
        }
    }

    private static YamlNode? Child(YamlNode? node, string key) =>
        node is YamlMappingNode mapping && mapping.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;
}
