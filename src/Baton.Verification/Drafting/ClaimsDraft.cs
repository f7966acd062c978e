using Baton.Contracts;
using Baton.Inference;
using Baton.Verification.Datasets;

namespace Baton.Verification.Drafting;

/// <summary>
/// Writes the claims of a model version by machine: files, framework, parameters and interface are read from the package; only the author's
/// metrics, the code and the data are told by the caller. The same source gives the same claims.
/// </summary>
public static class ClaimsDraft
{
    /// <summary>Drafts the claims of one package.</summary>
    /// <exception cref="DraftException">The package or the reference predictions are not fit to be claimed; the message says why and what to do.</exception>
    public static async Task<Claims> WriteAsync(DraftSource source, CancellationToken cancellation = default)
    {
        // A file that is converted stays where it is; beside the model it counts as a file of the package, as verification will count it.
        var converted = source.ReferencePredictionsFile is { } file && !PredictionsFile.IsParquet(file);
        var folder = PackageFolder.Open(source.PackageDirectory, converted ? source.ConvertedFile : source.ReferencePredictionsFile);
        var model = Described(folder);
        return new Claims
        {
            Model = source.Model,
            Version = source.Version,
            RunId = source.RunId,
            Package = await folder.ManifestAsync(cancellation).ConfigureAwait(false),
            Framework = new FrameworkClaim
            {
                Format = "onnx",
                ModelFile = folder.ModelFile,
                Name = model.ProducerName,
                Version = model.ProducerVersion,
                IrVersion = model.IrVersion,
                Opsets = model.Opsets,
            },
            Parameters = new ParameterClaim(model.Parameters.Total, model.Parameters.ByKind),
            Interface = new InterfaceClaim
            {
                Inputs = [.. model.Inputs.Select(Tensor)],
                Outputs = [.. model.Outputs.Select(Tensor)],
                Prediction = OutputRoles.Prediction(model.Outputs),
                Score = OutputRoles.Score(model.Outputs),
            },
            Metrics = new SortedDictionary<string, double>(source.Metrics.ToDictionary(), StringComparer.Ordinal),
            Code = source.Code,
            Environment = source.Environment ?? EnvironmentFiles.Read(folder),
            Seed = source.Seed,
            Licence = source.Licence,
            BaseModel = source.BaseModel,
            Data = source.Datasets,
            ReferencePredictions = await ReferenceDraft.WriteAsync(source, model.Inputs, cancellation).ConfigureAwait(false),
        };
    }

    private static ModelDescription Described(PackageFolder folder)
    {
        try
        {
            return OnnxFile.Describe(folder.PathOf(folder.ModelFile));
        }
        catch (InvalidModelException e)
        {
            throw new DraftException($"The model cannot be claimed: {e.Message}", e);
        }
    }

    private static TensorClaim Tensor(TensorSpec spec) => new(spec.Name, spec.Datatype, spec.Shape);
}
