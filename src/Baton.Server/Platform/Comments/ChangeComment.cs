using Baton.Contracts;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Platform.Comments;

/// <summary>Edits one's own comment; resolves anybody's, or opens it again. The ledger keeps what it said before.</summary>
internal sealed class ChangeComment(Writes writes, CommentsStore store, AddComment add)
{
    private const int MaxBody = 64 * 1024;

    public Task<Comment> EditAsync(Caller caller, string id, string? text, CancellationToken cancellation)
    {
        var written = Prose.Required(text, "text", AddComment.Longest);
        return HandleAsync(caller, id, async (change, comment) =>
        {
            if (comment.Author != caller.Actor.Name)
                throw new Refusal(ProblemCode.NotAllowed, $"The comment is {comment.Author}'s: only its author edits it.");
            if (comment.Text == written)
                return null;
            await store.EditAsync(change, id, written);
            return "comment.edited";
        }, cancellation);
    }

    /// <summary>Resolved already, or open already, nothing changes.</summary>
    public Task<Comment> ResolveAsync(Caller caller, string id, bool resolved, CancellationToken cancellation) => HandleAsync(caller, id, async (change, comment) =>
    {
        if (resolved == comment.ResolvedBy is not null)
            return null;
        await store.ResolveAsync(change, id, resolved ? caller.Actor.Name : null);
        return resolved ? "comment.resolved" : "comment.reopened";
    }, cancellation);

    private Task<Comment> HandleAsync(Caller caller, string id, Func<Change, Comment, Task<string?>> act, CancellationToken cancellation) =>
        writes.RunAsync(caller, async change =>
        {
            var comment = await store.FindAsync(change.Sql, change.Project, id) ?? throw CommentsErrors.NoComment(id);
            if (await act(change, comment) is not { } action)
                return comment;
            var changed = (await store.FindAsync(change.Sql, change.Project, id))!;
            var before = changed.Text == comment.Text ? null : comment.Text;
            var thing = await add.FindAsync(change.Sql, change.Project, comment.About);
            await change.RecordAsync(action, thing.Subject, new { comment = id, on = comment.About, text = changed.Text, before }, comment.Anchor);
            return changed;
        }, cancellation);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapV1("PUT", "comments/{id}", Permission.WriteComments, async (
            string id, HttpRequest request, Caller caller, ChangeComment change, CancellationToken cancellation) =>
        {
            var body = Documents.Read<Body>(await request.ReadTextAsync(MaxBody, cancellation));
            return Results.Json(CommentView.Of(await change.EditAsync(caller, id, body.Text, cancellation)), Documents.Compact);
        });
        routes.MapV1("POST", "comments/{id}/resolve", Permission.WriteComments, async (string id, Caller caller, ChangeComment change, CancellationToken cancellation) =>
            Results.Json(CommentView.Of(await change.ResolveAsync(caller, id, true, cancellation)), Documents.Compact));
        routes.MapV1("POST", "comments/{id}/reopen", Permission.WriteComments, async (string id, Caller caller, ChangeComment change, CancellationToken cancellation) =>
            Results.Json(CommentView.Of(await change.ResolveAsync(caller, id, false, cancellation)), Documents.Compact));
    }

    private sealed record Body(string? Text);
}
