using Baton.Database;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Predictions;

/// <summary>All SQL of the leg: the files of the log.</summary>
internal sealed partial class PredictionsStore
{
    private const string FileColumns = "project, endpoint, id, day, digest, row_count, from_time, to_time, first_id, last_id, merged_into";

    public async Task<bool> IsLoggedAsync(Session sql, string project, string endpoint) => await sql.FirstOrDefaultAsync<string>(
        "SELECT endpoint FROM logged_endpoints WHERE project = @project AND endpoint = @endpoint", new { project, endpoint }) is not null;

    /// <summary>Makes the endpoint known, and locks its row until commit.</summary>
    public Task LockEndpointAsync(Change change, string endpoint) => change.Sql.ExecuteAsync(
        """
        INSERT INTO logged_endpoints (project, endpoint, seen_at) VALUES (@Project, @endpoint, @Now)
        ON CONFLICT (project, endpoint) DO UPDATE SET seen_at = excluded.seen_at
        """,
        new { change.Project, endpoint, change.Now });

    public Task<LogFile?> FindFileAsync(Session sql, string project, string endpoint, string id) => sql.FirstOrDefaultAsync<LogFile>(
        $"SELECT {FileColumns} FROM prediction_files WHERE project = @project AND endpoint = @endpoint AND id = @id", new { project, endpoint, id });

    /// <summary>Files that hold rows of a range of time, by day.</summary>
    public Task<IReadOnlyList<LogFile>> FilesBetweenAsync(Session sql, LogKind kind, string project, string endpoint, long from, long to) => sql.QueryAsync<LogFile>(
        $"""
        SELECT {FileColumns} FROM {TableOf(kind)}
        WHERE project = @project AND endpoint = @endpoint AND merged_into IS NULL AND from_time < @to AND to_time >= @from ORDER BY day, id
        """,
        new { project, endpoint, from, to });

    /// <summary>Files that may hold ids of a range, newest day first.</summary>
    public Task<IReadOnlyList<LogFile>> FilesOfIdsAsync(Session sql, LogKind kind, string project, string endpoint, string first, string last) =>
        sql.QueryAsync<LogFile>(
            $"""
            SELECT {FileColumns} FROM {TableOf(kind)}
            WHERE project = @project AND endpoint = @endpoint AND merged_into IS NULL AND first_id <= @last AND last_id >= @first ORDER BY day DESC, id
            """,
            new { project, endpoint, first, last });

    public Task InsertFileAsync(Change change, LogKind kind, LogFile file) => change.Sql.ExecuteAsync(
        $"""
        INSERT INTO {TableOf(kind)} (project, endpoint, id, day, digest, row_count, from_time, to_time, first_id, last_id, added_at)
        VALUES (@Project, @Endpoint, @Id, @Day, @Digest, @RowCount, @FromTime, @ToTime, @FirstId, @LastId, @Now)
        """,
        new { change.Project, file.Endpoint, file.Id, file.Day, file.Digest, file.RowCount, file.FromTime, file.ToTime, file.FirstId, file.LastId, change.Now });

    /// <summary>Days of an endpoint that lie in more files than <paramref name="most"/>, not counting those that are large already; over all projects.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<LogFile>>> ScatteredAsync(Session sql, LogKind kind, int most, long large)
    {
        var files = await sql.QueryAsync<LogFile>(
            $"""
            SELECT {FileColumns} FROM {TableOf(kind)} f
            WHERE merged_into IS NULL AND row_count < @large AND (
                SELECT COUNT(*) FROM {TableOf(kind)} s
                WHERE s.project = f.project AND s.endpoint = f.endpoint AND s.day = f.day AND s.merged_into IS NULL AND s.row_count < @large) > @most
            ORDER BY project, endpoint, day, id
            """,
            new { most, large });
        return [.. files.GroupBy(f => (f.Project, f.Endpoint, f.Day)).Select(g => (IReadOnlyList<LogFile>)[.. g])];
    }

    /// <summary>Says of a file that another one holds its rows; false where it is merged already.</summary>
    public async Task<bool> MergeFileAsync(Change change, LogKind kind, LogFile file, string into) => await change.Sql.ExecuteAsync(
        $"UPDATE {TableOf(kind)} SET merged_into = @into WHERE project = @Project AND endpoint = @Endpoint AND id = @Id AND merged_into IS NULL",
        new { change.Project, file.Endpoint, file.Id, into }) == 1;

    private static string TableOf(LogKind kind) => kind is LogKind.Labels ? "label_files" : "prediction_files";
}
