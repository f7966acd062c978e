using Baton.Database;

namespace Baton.Server.Runs.LoggedModels;

/// <content>What lineage asks: models by the run they came of.</content>
internal sealed partial class LoggedModelsStore
{
    /// <summary>Models that name a run as their source, newest first.</summary>
    public Task<IReadOnlyList<string>> OfRunAsync(Session sql, string project, string runId, int limit) => sql.QueryAsync<string>(
        "SELECT model_id FROM logged_models WHERE project = @project AND source_run_id = @runId ORDER BY created_at DESC, model_id LIMIT @limit",
        new { project, runId, limit });
}
