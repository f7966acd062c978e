using System.Text.RegularExpressions;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Runs;

/// <summary>
/// Takes in a run of another tracking server, with its id, times, status and life-cycle stage, or brings one taken in before up to date. Nothing is cut:
/// limits that MLflow sets to what clients send do not hold for what it has kept.
/// </summary>
internal sealed partial class AdoptRun(RunsStore store, RunLinksStore links)
{
    private static readonly string[] Statuses = ["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"];

    /// <summary>The root of its artifacts.</summary>
    public async Task<string> HandleAsync(Change change, Request request)
    {
        var head = request.Run;
        if (!RunId().IsMatch(head.RunId))
            throw Refusal.Invalid($"Invalid value \"{head.RunId}\" for parameter 'run_id' supplied.");
        if (!Statuses.Contains(head.Status))
            throw Refusal.Invalid($"Invalid value \"{head.Status}\" for parameter 'status' supplied: expected one of {string.Join(", ", Statuses)}.");
        foreach (var key in head.Params.Keys.Concat(head.Tags.Keys))
            AdoptPoints.CheckKey(key);
        var experiment = await store.FindExperimentAsync(change.Sql, change.Project, head.ExperimentId)
            ?? throw RunsErrors.NoExperiment($"{head.ExperimentId}");
        var known = await store.FindRunAsync(change.Sql, change.Project, head.RunId);
        if (known is not null && known.ExperimentId != head.ExperimentId)
            throw new Refusal(ProblemCode.Conflict, $"Run {head.RunId} is there already, in experiment {known.ExperimentId} and not {head.ExperimentId}.");
        var run = head with
        {
            ArtifactUri = known?.ArtifactUri ?? (head.ArtifactUri.Length > 0 ? head.ArtifactUri : OwnRoot(experiment, head.RunId)),
        };
        await store.AdoptRunAsync(change, run, request.DeletedAt);
        foreach (var input in run.Inputs)
            await links.AddDatasetAsync(change, run, input);
        foreach (var input in run.ModelInputs)
            await links.AddModelInputAsync(change, run.RunId, input.ModelId);
        var outputs = run.ModelOutputs.Count == 0
            ? []
            : (await links.ModelOutputsAsync(change.Sql, change.Project, [run.RunId]))[run.RunId].Select(o => (o.ModelId, o.Step)).ToHashSet();
        foreach (var output in run.ModelOutputs.Where(o => outputs.Add((o.ModelId, o.Step))))
            await links.AddModelOutputAsync(change, run.RunId, output);
        return run.ArtifactUri;
    }

    /// <summary>Its files are Baton's even where its experiment's are elsewhere.</summary>
    private static string OwnRoot(Experiment experiment, string runId) =>
        experiment.ArtifactLocation.StartsWith("mlflow-artifacts:/", StringComparison.Ordinal)
            ? $"{experiment.ArtifactLocation.TrimEnd('/')}/{runId}/artifacts"
            : $"mlflow-artifacts:/{experiment.ExperimentId}/{runId}/artifacts";

    [GeneratedRegex(@"^[a-zA-Z0-9][\w\-]{0,255}\z")]
    private static partial Regex RunId();

    /// <param name="Run">The run; an empty artifact URI stands for Baton's own.</param>
    /// <param name="DeletedAt">When it was deleted, microseconds; null where it was not, or nobody knows.</param>
    public sealed record Request(Run Run, long? DeletedAt);
}
