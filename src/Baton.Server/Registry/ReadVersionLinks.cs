using Baton.Database;
using Baton.Server.Platform.Access;

namespace Baton.Server.Registry;

/// <summary>Which versions were made of a run or of a logged model.</summary>
internal sealed class ReadVersionLinks(BatonDatabase database, RegistryStore store)
{
    /// <summary>A version with its tags and aliases; null where there is none, or it was deleted.</summary>
    public Task<ModelVersion?> FindAsync(Caller caller, string name, long version, CancellationToken cancellation) =>
        database.ReadAsync(sql => store.FindVersionAsync(sql, caller.Project, name, version), cancellation);

    /// <summary>Newest first.</summary>
    public Task<IReadOnlyList<ModelVersion>> OfRunAsync(Caller caller, string runId, int limit, CancellationToken cancellation) =>
        database.ReadAsync(sql => store.OfAsync(sql, caller.Project, "run_id", runId, limit), cancellation);

    /// <summary>Newest first.</summary>
    public Task<IReadOnlyList<ModelVersion>> OfModelAsync(Caller caller, string modelId, int limit, CancellationToken cancellation) =>
        database.ReadAsync(sql => store.OfAsync(sql, caller.Project, "model_id", modelId, limit), cancellation);
}
