using System.Text.RegularExpressions;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Runs.LoggedModels;

/// <summary>Takes in a logged model of another tracking server, with its id, times and status, or brings one taken in before up to date.</summary>
internal sealed partial class AdoptLoggedModel(RunsStore runs, LoggedModelsStore store)
{
    private const int MaxName = 500;

    /// <summary>The root of its files.</summary>
    public async Task<string> HandleAsync(Change change, LoggedModel model)
    {
        if (!ModelId().IsMatch(model.ModelId))
            throw Refusal.Invalid($"'{CodePoints.Cut(model.ModelId, 40)}' is no id of a logged model: expected m- and letters, digits and dashes.");
        if (model.Name.IsLongerThan(MaxName))
            throw RunsErrors.TooLong("name", MaxName);
        foreach (var key in model.Params.Keys.Concat(model.Tags.Keys).Concat(model.Metrics.Select(m => m.Key)))
            AdoptPoints.CheckKey(key);
        var experiment = await runs.FindExperimentAsync(change.Sql, change.Project, model.ExperimentId) ?? throw RunsErrors.NoExperiment($"{model.ExperimentId}");
        var known = await store.FindAsync(change.Sql, change.Project, model.ModelId);
        if (known is not null && known.ExperimentId != model.ExperimentId)
            throw new Refusal(
                ProblemCode.Conflict, $"Logged model {model.ModelId} is there already, in experiment {known.ExperimentId} and not {model.ExperimentId}.");
        var adopted = model with
        {
            ArtifactUri = known?.ArtifactUri ?? (model.ArtifactUri.Length > 0 ? model.ArtifactUri : $"mlflow-artifacts:/{experiment.ExperimentId}/models/{model.ModelId}/artifacts"),
        };
        await store.AdoptAsync(change, adopted);
        return adopted.ArtifactUri;
    }

    [GeneratedRegex(@"^m-[\w\-]{1,250}\z")]
    private static partial Regex ModelId();
}
