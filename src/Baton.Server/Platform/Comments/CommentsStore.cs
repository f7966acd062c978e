using Baton.Database;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Platform.Comments;

/// <summary>All SQL of comments.</summary>
internal sealed class CommentsStore
{
    private const string Columns = "id, about, anchor, text, author, written_at, edited_at, resolved_by, resolved_at";

    /// <summary>Those on a path and below it, the earliest first; at most 1,000.</summary>
    public Task<IReadOnlyList<Comment>> ListAsync(Session sql, string project, string path) => sql.QueryAsync<Comment>(
        // '0' follows '/': the range is all that stands below the path.
        $"""
        SELECT {Columns} FROM comments WHERE project = @project AND (about = @path OR (about > @below AND about < @end)) ORDER BY written_at, id LIMIT 1000
        """,
        new { project, path, below = path + "/", end = path + "0" });

    public Task<Comment?> FindAsync(Session sql, string project, string id) =>
        sql.FirstOrDefaultAsync<Comment>($"SELECT {Columns} FROM comments WHERE project = @project AND id = @id", new { project, id });

    public Task InsertAsync(Change change, Comment comment) => change.Sql.ExecuteAsync(
        "INSERT INTO comments (project, id, about, anchor, text, author, written_at) VALUES (@Project, @Id, @About, @Anchor, @Text, @Author, @Now)",
        new { change.Project, comment.Id, comment.About, comment.Anchor, comment.Text, comment.Author, change.Now });

    public Task EditAsync(Change change, string id, string text) => change.Sql.ExecuteAsync(
        "UPDATE comments SET text = @text, edited_at = @Now WHERE project = @Project AND id = @id", new { change.Project, id, text, change.Now });

    /// <summary>Null opens it again.</summary>
    public Task ResolveAsync(Change change, string id, string? by) => change.Sql.ExecuteAsync(
        "UPDATE comments SET resolved_by = @by, resolved_at = @at WHERE project = @Project AND id = @id",
        new { change.Project, id, by, at = by is null ? (long?)null : change.Now });
}
