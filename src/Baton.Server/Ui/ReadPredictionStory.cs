using Baton.Server.Deployments;
using Baton.Server.Platform.Access;
using Baton.Server.Predictions;
using Baton.Server.Registry;

namespace Baton.Server.Ui;

/// <summary>One prediction with what is needed to look into it.</summary>
/// <param name="Prediction">The prediction.</param>
/// <param name="Model">The model that answered; null where nothing was deployed to its endpoint.</param>
/// <param name="Versions">Sealed versions of the model, newest first: those that it can be run through again.</param>
internal sealed record PredictionStory(PredictionView Prediction, string? Model, IReadOnlyList<ModelVersion> Versions);

/// <summary>Reads the story of a prediction from the legs.</summary>
internal sealed class ReadPredictionStory(ReadEndpoints endpoints, ReadPrediction predictions, ReadRegistry registry)
{
    public async Task<PredictionStory> HandleAsync(Caller caller, string endpoint, string id, CancellationToken cancellation)
    {
        var name = EndpointName.Parse(endpoint);
        var prediction = await predictions.HandleAsync(caller, name.Value, id, cancellation);
        var history = (await endpoints.FindAsync(caller, name, cancellation))?.History ?? [];
        var served = history.FirstOrDefault(d => d.PackageDigest == prediction.PackageDigest) ?? (history.Count > 0 ? history[0] : null);
        if (served is null)
            return new PredictionStory(prediction, null, []);
        var model = await registry.ModelAsync(caller, ModelName.Parse(served.Model), cancellation);
        return new PredictionStory(prediction, served.Model, [.. model.Versions.Where(v => v.ManifestDigest is not null).OrderByDescending(v => v.Version)]);
    }
}
