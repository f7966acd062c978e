using System.Text.RegularExpressions;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Baton.Server.Runs.LoggedModels;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Runs;

/// <summary>Links a run to the datasets and logged models it read, each once.</summary>
internal sealed partial class LogInputs(Writes writes, RunsStore store, RunLinksStore links, LoggedModelsStore models)
{
    private const int MaxDatasetName = 500;
    private const int MaxDigest = 36;
    private const int MaxSource = 65_535;
    private const int MaxSchema = 1_048_575;
    private const int MaxProfile = 16_777_215;
    private const int MaxTagKey = 255;
    private const int MaxTagValue = 500;

    public Task HandleAsync(
        Caller caller, string runId, IReadOnlyList<DatasetInput> datasets, IReadOnlyList<string> modelIds, CancellationToken cancellation) =>
        writes.RunAsync(caller, async change =>
        {
            var run = await store.ActiveRunAsync(change, runId);
            foreach (var dataset in datasets)
                await links.AddDatasetAsync(change, run, dataset);
            foreach (var modelId in modelIds)
            {
                if (await models.FindAsync(change.Sql, change.Project, modelId) is null)
                    throw LoggedModelErrors.NoModel(modelId);
                await links.AddModelInputAsync(change, runId, modelId);
            }

            return true;
        }, cancellation);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflow("POST", "runs/log-inputs", Permission.WriteRuns, async (
        MlflowRequest request, Caller caller, LogInputs log, CancellationToken cancellation) =>
    {
        await log.HandleAsync(
            caller,
            CheckedRunId(request.RequiredRunId()),
            [.. request.Objects("datasets").Select((input, i) => InputOf(input, $"datasets[{i}]."))],
            [.. request.Objects("models").Select(m => m.Required("model_id"))],
            cancellation);
        return MlflowAnswer.Empty;
    });

    private static DatasetInput InputOf(MlflowRequest input, string place)
    {
        var dataset = input.RequiredObject("dataset");
        return new DatasetInput
        {
            Name = Measured(dataset.Required("name"), place + "dataset.name", MaxDatasetName),
            Digest = Measured(dataset.Required("digest"), place + "dataset.digest", MaxDigest),
            SourceType = Measured(dataset.Required("source_type"), place + "dataset.source_type", MaxDatasetName),
            Source = Measured(dataset.Required("source"), place + "dataset.source", MaxSource),
            SchemaJson = dataset.Optional("schema") is { } schema ? Measured(schema, place + "dataset.schema", MaxSchema) : null,
            Profile = dataset.Optional("profile") is { } profile ? Measured(profile, place + "dataset.profile", MaxProfile) : null,
            Tags = TagsOf(input, place),
        };
    }

    private static Dictionary<string, string> TagsOf(MlflowRequest input, string place)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in input.Objects("tags"))
        {
            var at = $"{place}tags[{tags.Count}].";
            var key = Measured(tag.Required("key"), at + "key", MaxTagKey);
            if (!tags.TryAdd(key, Measured(tag.Optional("value") ?? "", at + "value", MaxTagValue)))
                throw Refusal.Invalid($"The tag '{key}' is given twice in {place}tags; a dataset of a run has one value of each.");
        }

        return tags;
    }

    private static string Measured(string text, string what, int most) => text.IsLongerThan(most) ? throw RunsErrors.TooLong(what, most) : text;

    private static string CheckedRunId(string id) => RunId().IsMatch(id)
        ? id
        : throw Refusal.Invalid($"Invalid value \"{id}\" for parameter 'run_id' supplied. Expected up to 256 letters, digits, '_' or '-'.");

    [GeneratedRegex(@"^[a-zA-Z0-9][\w\-]{0,255}\z")]
    private static partial Regex RunId();
}
