using System.Buffers;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ids;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Runs.LoggedModels;

/// <summary>Announces a model whose files are about to be uploaded.</summary>
internal sealed class CreateLoggedModel(Writes writes, RunsStore runs, LoggedModelsStore store, IdSource ids)
{
    private const int MaxName = 500;
    private static readonly SearchValues<char> NotInNames = SearchValues.Create("/:.%\"'");

    public Task<LoggedModel> HandleAsync(Caller caller, Request request, CancellationToken cancellation)
    {
        Check(request);
        return writes.RunAsync(caller, async change =>
        {
            var experimentId = ReadExperiments.ParseId(request.ExperimentId);
            if (experimentId == Experiment.DefaultId)
                await runs.EnsureDefaultExperimentAsync(change);
            var experiment = await runs.FindExperimentAsync(change.Sql, change.Project, experimentId) ?? throw RunsErrors.NoExperiment(request.ExperimentId);
            if (experiment.LifecycleStage != "active")
                throw LoggedModelErrors.ExperimentDeleted(request.ExperimentId);
            var id = $"m-{ids.Next()}";
            var model = new LoggedModel
            {
                ModelId = id,
                ExperimentId = experimentId,
                Name = string.IsNullOrEmpty(request.Name) ? $"model-{id[^8..]}" : request.Name,
                ModelType = request.ModelType ?? "",
                SourceRunId = request.SourceRunId ?? "",
                ArtifactUri = ArtifactLocation.Below(experiment.ArtifactLocation, $"models/{id}/artifacts"),
                CreatedAt = change.Now,
                UpdatedAt = change.Now,
                Params = request.Params,
                Tags = request.Tags,
            };
            await store.InsertAsync(change, model);
            foreach (var (key, value) in request.Params)
                await store.AddParamAsync(change, id, key, value);
            foreach (var (key, value) in request.Tags)
                await store.SetTagAsync(change, id, key, value);
            return model;
        }, cancellation);
    }

    private static void Check(Request request)
    {
        if (request.Name is { Length: > 0 } name)
        {
            if (name.AsSpan().ContainsAny(NotInNames))
                throw LoggedModelErrors.BadName(name);
            if (name.IsLongerThan(MaxName))
                throw RunsErrors.TooLong("name", MaxName);
        }

        if (request.ModelType?.IsLongerThan(MaxName) == true)
            throw RunsErrors.TooLong("model_type", MaxName);
        if (request.SourceRunId?.IsLongerThan(MaxName) == true)
            throw RunsErrors.TooLong("source_run_id", MaxName);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflowOnce("POST", "logged-models", Permission.WriteRuns, async (
        MlflowRequest request, Caller caller, CreateLoggedModel create, CancellationToken cancellation) =>
    {
        var model = await create.HandleAsync(
            caller,
            new Request(request.Required("experiment_id"))
            {
                Name = request.Optional("name"),
                ModelType = request.Optional("model_type"),
                SourceRunId = request.Optional("source_run_id"),
                Params = LoggedModelPairs.ParamsOf(request),
                Tags = LoggedModelPairs.TagsOf(request),
            },
            cancellation);
        return MlflowAnswer.Of(new { Model = MlflowLoggedModel.Of(model) });
    });

    /// <param name="ExperimentId">Digits.</param>
    public sealed record Request(string ExperimentId)
    {
        /// <summary>Invented where absent.</summary>
        public string? Name { get; init; }

        public string? ModelType { get; init; }

        public string? SourceRunId { get; init; }

        public IReadOnlyDictionary<string, string> Params { get; init; } = new Dictionary<string, string>();

        public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
    }
}
