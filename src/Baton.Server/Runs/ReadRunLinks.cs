using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Runs.LoggedModels;

namespace Baton.Server.Runs;

/// <summary>What runs came of and what came of them: code, datasets, logged models, other runs. Lists are newest first and say no more than asked for.</summary>
internal sealed class ReadRunLinks(BatonDatabase database, RunsStore runs, RunLinksStore links, LoggedModelsStore models)
{
    public Task<IReadOnlyList<RunHead>> HeadsAsync(Caller caller, IReadOnlyCollection<string> runIds, CancellationToken cancellation) =>
        database.ReadAsync(sql => runs.HeadsAsync(sql, caller.Project, runIds), cancellation);

    public Task<IReadOnlyList<string>> OfCommitAsync(Caller caller, string commit, int limit, CancellationToken cancellation) =>
        database.ReadAsync(sql => runs.TaggedAsync(sql, caller.Project, RunsStore.CommitTag, commit, limit), cancellation);

    public Task<IReadOnlyList<string>> ChildrenAsync(Caller caller, string runId, int limit, CancellationToken cancellation) =>
        database.ReadAsync(sql => runs.TaggedAsync(sql, caller.Project, RunsStore.ParentTag, runId, limit), cancellation);

    public Task<IReadOnlyList<DatasetReader>> ReadersAsync(Caller caller, string dataset, string? digest, int limit, CancellationToken cancellation) =>
        database.ReadAsync(sql => runs.ReadersAsync(sql, caller.Project, dataset, digest, limit), cancellation);

    /// <summary>What a run read and made, as its clients linked it, and the models that name it as their source.</summary>
    public Task<RunLinks> OfRunAsync(Caller caller, string runId, int limit, CancellationToken cancellation) => database.ReadAsync(async sql =>
    {
        string[] ids = [runId];
        var made = (await links.ModelOutputsAsync(sql, caller.Project, ids))[runId].ToList();
        var own = await models.OfRunAsync(sql, caller.Project, runId, limit);
        return new RunLinks(
            [.. (await links.DatasetsAsync(sql, caller.Project, ids))[runId]],
            [.. (await links.ModelInputsAsync(sql, caller.Project, ids))[runId].Select(i => i.ModelId)],
            [.. made.Select(o => (o.ModelId, (long?)o.Step)), .. own.Where(id => made.All(o => o.ModelId != id)).Select(id => (id, (long?)null))]);
    }, cancellation);

    /// <summary>A logged model, deleted or not; null where there is none.</summary>
    public Task<LoggedModel?> ModelAsync(Caller caller, string modelId, CancellationToken cancellation) =>
        database.ReadAsync(sql => models.FindAsync(sql, caller.Project, modelId), cancellation);

    /// <summary>Runs that read a logged model.</summary>
    public Task<IReadOnlyList<string>> ModelReadersAsync(Caller caller, string modelId, int limit, CancellationToken cancellation) =>
        database.ReadAsync(sql => links.ModelReadersAsync(sql, caller.Project, modelId, limit), cancellation);

    /// <summary>Runs that say they made a logged model.</summary>
    public Task<IReadOnlyList<string>> ModelMakersAsync(Caller caller, string modelId, int limit, CancellationToken cancellation) =>
        database.ReadAsync(sql => links.ModelMakersAsync(sql, caller.Project, modelId, limit), cancellation);
}

/// <param name="Datasets">Datasets it read.</param>
/// <param name="Read">Logged models it read.</param>
/// <param name="Made">Logged models it made, with the step where a client said one.</param>
internal sealed record RunLinks(IReadOnlyList<DatasetInput> Datasets, IReadOnlyList<string> Read, IReadOnlyList<(string ModelId, long? Step)> Made);
