using Baton.Database;
using Baton.Server.Platform.Http;

namespace Baton.Server.Artifacts;

internal sealed partial class ArtifactsStore
{
    /// <summary>Sorts after a path and before every other: no path has a control character.</summary>
    private const string Next = "\u0001";

    /// <summary>Every file below a folder, by path.</summary>
    public Task<IReadOnlyList<ArtifactFile>> BelowAsync(Session sql, string project, ArtifactPath folder)
    {
        var (from, to) = RangeOf(folder);
        return sql.QueryAsync<ArtifactFile>(
            """
            SELECT path, digest, size, modified_at FROM artifact_files
            WHERE project = @project AND path >= @from AND path < @to ORDER BY path
            """,
            new { project, from, to });
    }

    /// <summary>
    /// The files that stand directly in a folder, and the first file of each folder in it, by path. What else is below those is skipped: it costs a look
    /// into the index for each row of the answer.
    /// </summary>
    public Task<IReadOnlyList<ArtifactFile>> FirstsInAsync(Session sql, string project, ArtifactPath folder)
    {
        var (from, to) = RangeOf(folder);
        var slash = $"{(sql.Dialect.Engine is Engine.Postgres ? "STRPOS" : "INSTR")}(SUBSTR(firsts.path, @tail), '/')";
        return sql.QueryAsync<ArtifactFile>(
            $"""
            WITH RECURSIVE firsts(path) AS (
                SELECT MIN(path) FROM artifact_files WHERE project = @project AND path >= @from AND path < @to
                UNION ALL
                SELECT (SELECT MIN(f.path) FROM artifact_files f WHERE f.project = @project AND f.path < @to
                    AND f.path >= CASE {slash} WHEN 0 THEN firsts.path || @Next ELSE SUBSTR(firsts.path, 1, @tail + {slash} - 2) || '0' END)
                FROM firsts WHERE firsts.path IS NOT NULL)
            SELECT f.path, f.digest, f.size, f.modified_at FROM firsts JOIN artifact_files f ON f.project = @project AND f.path = firsts.path ORDER BY f.path
            """,
            new { project, from, to, Next, tail = CodePoints.Count(from) + 1 });
    }

    /// <summary>Whether there is a file below a folder.</summary>
    public async Task<bool> HasBelowAsync(Session sql, string project, ArtifactPath folder)
    {
        var (from, to) = RangeOf(folder);
        return await sql.FirstOrDefaultAsync<string>(
            "SELECT path FROM artifact_files WHERE project = @project AND path >= @from AND path < @to LIMIT 1", new { project, from, to }) is not null;
    }

    /// <summary>
    /// The paths below a folder, end excluded. A range instead of LIKE: both engines order by code point, so it uses the key's index and needs no
    /// escaping. '0' follows '/'.
    /// </summary>
    private static (string From, string To) RangeOf(ArtifactPath folder) =>
        folder.Value.Length == 0 ? ("", "\U0010FFFF") : (folder.Value + "/", folder.Value + "0");
}
