using Baton.Database;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Runs;

/// <summary>Something deleted that is to go for good: a run, an experiment or a logged model.</summary>
internal sealed record Purgeable
{
    public string Project { get; init; } = "";

    /// <summary>Number of a run; 0 for anything else.</summary>
    public long RunNo { get; init; }

    public string Id { get; init; } = "";

    /// <summary>Where its files are; empty for an experiment.</summary>
    public string ArtifactUri { get; init; } = "";
}

/// <summary>All SQL that removes runs, experiments and logged models for good.</summary>
internal sealed class PurgeStore
{
    /// <summary>Stage of a run whose rows are being removed; it can no longer be restored.</summary>
    public const string Purging = "purging";

    private const int SliceOfPoints = 50_000;

    /// <summary>Tables of points, with their keys: a run may have more of them than one write should remove.</summary>
    private static readonly (string Table, string Key)[] Points =
    [
        ("metrics", "run_no, key_no, at, step, step_micros, value, is_nan"),
        ("text_points", "run_no, key_no, at, step, step_micros, digest"),
    ];

    /// <summary>Runs that were deleted before a moment and that no version names.</summary>
    public Task<IReadOnlyList<Purgeable>> RunsAsync(Session sql, long before) => sql.QueryAsync<Purgeable>(
        $"""
        SELECT r.project, r.run_no, r.run_id AS id, r.artifact_uri FROM runs r
        WHERE (r.lifecycle_stage = 'purging' OR (r.lifecycle_stage = 'deleted' AND COALESCE(r.deleted_at, r.ended_at, r.started_at) < @before))
            AND {Unnamed("r", "run_id")}
        ORDER BY r.run_no
        """,
        new { before });

    /// <summary>Logged models that were deleted before a moment and that no version names.</summary>
    public Task<IReadOnlyList<Purgeable>> LoggedModelsAsync(Session sql, long before) => sql.QueryAsync<Purgeable>(
        $"""
        SELECT m.project, m.model_id AS id, m.artifact_uri FROM logged_models m
        WHERE m.lifecycle_stage = 'deleted' AND COALESCE(m.deleted_at, m.updated_at) < @before
            AND {Unnamed("m", "model_id")}
        ORDER BY m.project, m.model_id
        """,
        new { before });

    /// <summary>Experiments that were deleted before a moment; those that still have runs or models are kept when it comes to it.</summary>
    public Task<IReadOnlyList<Purgeable>> ExperimentsAsync(Session sql, long before) => sql.QueryAsync<Purgeable>(
        """
        SELECT project, CAST(experiment_id AS TEXT) AS id FROM experiments
        WHERE lifecycle_stage = 'deleted' AND updated_at < @before AND experiment_id <> 0 ORDER BY project, experiment_id
        """,
        new { before });

    /// <summary>No version that stands names the row, be it by its id or by where its files are.</summary>
    private static string Unnamed(string row, string id) =>
        $"""
        NOT EXISTS (SELECT 1 FROM model_versions v WHERE v.project = {row}.project AND v.deleted_at IS NULL AND (v.{id} = {row}.{id}
            OR v.storage_location = {row}.artifact_uri OR substr(v.storage_location, 1, length({row}.artifact_uri) + 1) = {row}.artifact_uri || '/'))
        """;

    /// <summary>Marks a run as going; false where it was restored, or named by a version, meanwhile.</summary>
    public async Task<bool> MarkRunAsync(Change change, Purgeable run)
    {
        // The row is waited for alone: a statement that waits and goes on does not see the version whose change it waited for.
        await change.Sql.FirstOrDefaultAsync<string>($"SELECT run_id FROM runs WHERE run_no = @RunNo{change.Sql.Dialect.ForUpdate}", new { run.RunNo });
        return await change.Sql.ExecuteAsync(
            $"UPDATE runs SET lifecycle_stage = @stage WHERE run_no = @RunNo AND lifecycle_stage IN ('deleted', @stage) AND {Unnamed("runs", "run_id")}",
            new { run.RunNo, stage = Purging }) > 0;
    }

    /// <summary>Removes some of a run's points; false where there are no more.</summary>
    public async Task<bool> DeletePointsAsync(Change change, Purgeable run)
    {
        foreach (var (table, key) in Points)
        {
            var gone = await change.Sql.ExecuteAsync(
                $"DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE run_no = @RunNo LIMIT {SliceOfPoints})",
                new { run.RunNo });
            if (gone > 0)
                return true;
        }

        return false;
    }

    /// <summary>Removes a run's row and what else it has; false where it was restored meanwhile.</summary>
    public async Task<bool> DeleteRunAsync(Change change, Purgeable run)
    {
        if (await change.Sql.ExecuteAsync("DELETE FROM runs WHERE run_no = @RunNo AND lifecycle_stage = @stage", new { run.RunNo, stage = Purging }) == 0)
            return false;
        foreach (var table in (string[])["arrived_points", "latest_metrics", "run_params", "run_tags"])
            await change.Sql.ExecuteAsync($"DELETE FROM {table} WHERE run_no = @RunNo", new { run.RunNo });
        foreach (var table in (string[])["run_inputs", "run_input_tags", "run_model_inputs", "run_model_outputs"])
            await change.Sql.ExecuteAsync($"DELETE FROM {table} WHERE project = @Project AND run_id = @Id", new { run.Project, run.Id });
        return true;
    }

    /// <summary>Removes a logged model; false where it is gone, or no longer deleted.</summary>
    public async Task<bool> DeleteLoggedModelAsync(Change change, Purgeable model)
    {
        var of = new { model.Project, model.Id };
        // As for a run.
        await change.Sql.FirstOrDefaultAsync<string>($"SELECT model_id FROM logged_models WHERE project = @Project AND model_id = @Id{change.Sql.Dialect.ForUpdate}", of);
        var gone = await change.Sql.ExecuteAsync(
            $"DELETE FROM logged_models WHERE project = @Project AND model_id = @Id AND lifecycle_stage = 'deleted' AND {Unnamed("logged_models", "model_id")}",
            of);
        if (gone == 0)
            return false;
        foreach (var table in (string[])["logged_model_params", "logged_model_tags", "logged_model_metrics", "run_model_inputs", "run_model_outputs"])
            await change.Sql.ExecuteAsync($"DELETE FROM {table} WHERE project = @Project AND model_id = @Id", of);
        return true;
    }

    /// <summary>Removes an experiment that has no run and no logged model any more; false for any other.</summary>
    public async Task<bool> DeleteExperimentAsync(Change change, Purgeable experiment)
    {
        var of = new { experiment.Project, id = long.Parse(experiment.Id, System.Globalization.CultureInfo.InvariantCulture) };
        var gone = await change.Sql.ExecuteAsync(
            """
            DELETE FROM experiments WHERE project = @Project AND experiment_id = @id AND lifecycle_stage = 'deleted'
                AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.project = @Project AND r.experiment_id = @id)
                AND NOT EXISTS (SELECT 1 FROM logged_models m WHERE m.project = @Project AND m.experiment_id = @id)
            """,
            of);
        if (gone == 0)
            return false;
        foreach (var table in (string[])["experiment_tags", "datasets"])
            await change.Sql.ExecuteAsync($"DELETE FROM {table} WHERE project = @Project AND experiment_id = @id", of);
        return true;
    }
}
