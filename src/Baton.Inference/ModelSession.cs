using Microsoft.ML.OnnxRuntime;

namespace Baton.Inference;

/// <summary>
/// A model loaded into the runtime. <see cref="Run"/> may be called from several threads at once. A hostile file may take any amount of memory
/// or crash the process while it loads or runs: load what is not trusted in a child process with limits.
/// </summary>
public sealed partial class ModelSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly string[] _outputNames;

    private ModelSession(InferenceSession session)
    {
        _session = session;
        Inputs = [.. session.InputNames.Select(name => Spec("Input", name, session.InputMetadata[name]))];
        Outputs = [.. session.OutputNames.Select(name => Spec("Output", name, session.OutputMetadata[name]))];
        _outputNames = [.. Outputs.Select(o => o.Name)];
    }

    /// <summary>The runtime and its version, e.g. <c>ONNX Runtime 1.31.1, CPU</c>.</summary>
    public static string RuntimeName { get; } = $"ONNX Runtime {OrtEnv.Instance().GetVersionString()}, CPU";

    /// <summary>Inputs in the model's order.</summary>
    public IReadOnlyList<TensorSpec> Inputs { get; }

    /// <summary>Outputs in the model's order.</summary>
    public IReadOnlyList<TensorSpec> Outputs { get; }

    /// <summary>Loads a model: one thread an operator, no spinning, CPU.</summary>
    /// <exception cref="InvalidModelException">The runtime does not take the file, or the model speaks in sequences or maps.</exception>
    public static ModelSession Load(string path) => Load(path, profilePrefix: null);

    private static ModelSession Load(string path, string? profilePrefix)
    {
        if (!File.Exists(path))
            throw new InvalidModelException($"There is no model file at '{path}'.");
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        if (profilePrefix is not null)
        {
            options.ProfileOutputPathPrefix = profilePrefix;
            options.EnableProfiling = true;
        }

        InferenceSession session;
        try
        {
            session = new InferenceSession(path, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidModelException($"{RuntimeName} does not load '{path}': {e.Message}", e);
        }

        try
        {
            return new ModelSession(session);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Runs the model once on all its inputs, given in any order; the answer has every output in the model's order.</summary>
    /// <exception cref="ModelInputException">
    /// An input is missing, unknown, or of another datatype or shape; the message says what was expected and what was given.
    /// </exception>
    /// <exception cref="ModelRunException">The model failed while it ran.</exception>
    public IReadOnlyList<Tensor> Run(IReadOnlyList<Tensor> inputs)
    {
        InputCheck.Fits(Inputs, inputs);
        var values = new List<OrtValue>(inputs.Count);
        try
        {
            foreach (var input in inputs)
                values.Add(ToOrt(input));
            using var outputs = _session.Run(_options, [.. inputs.Select(i => i.Name)], values, _outputNames);
            return [.. outputs.Select((value, i) => FromOrt(_outputNames[i], value))];
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelRunException($"The model failed while it ran on {string.Join("; ", inputs)}: {e.Message}", e);
        }
        finally
        {
            foreach (var value in values)
                value.Dispose();
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _options.Dispose();
        _session.Dispose();
    }

    private static TensorSpec Spec(string side, string name, NodeMetadata metadata)
    {
        if (!metadata.IsTensor && !metadata.IsString)
            throw new InvalidModelException(Refusals.NotATensor(side, name, metadata.OnnxValueType switch
            {
                OnnxValueType.ONNX_TYPE_SEQUENCE => "a sequence",
                OnnxValueType.ONNX_TYPE_MAP => "a map",
                OnnxValueType.ONNX_TYPE_SPARSETENSOR => "a sparse tensor",
                _ => "neither a tensor nor a sequence",
            }));
        var onnxType = (int)metadata.ElementDataType;
        var datatype = Datatypes.OfOnnx(onnxType) ?? throw new InvalidModelException(Refusals.NoDatatype(side, name, onnxType));
        return new TensorSpec(name, datatype, [.. metadata.Dimensions.Select(d => d < 0 ? -1L : d)]);
    }
}
