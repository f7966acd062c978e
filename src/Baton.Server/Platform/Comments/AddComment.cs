using Baton.Contracts;
using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ids;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Platform.Comments;

/// <summary>Comments on a thing. The comment stays with the digest that the thing has now.</summary>
internal sealed class AddComment(Writes writes, CommentsStore store, IdSource ids, IEnumerable<ICommentable> things)
{
    /// <summary>The longest comment, in characters.</summary>
    public const int Longest = 4000;

    private const int MaxBody = 64 * 1024;

    public Task<Comment> HandleAsync(Caller caller, string? on, string? text, CancellationToken cancellation)
    {
        var path = Prose.Required(on, "on");
        var comment = new Comment { Id = ids.Next(), About = path, Text = Prose.Required(text, "text", Longest), Author = caller.Actor.Name };
        return writes.RunAsync(caller, async change =>
        {
            var thing = await FindAsync(change.Sql, change.Project, path);
            await store.InsertAsync(change, comment with { Anchor = thing.Anchor });
            await change.RecordAsync("comment.added", thing.Subject, new { comment = comment.Id, on = path, text = comment.Text }, thing.Anchor);
            return (await store.FindAsync(change.Sql, change.Project, comment.Id))!;
        }, cancellation);
    }

    /// <summary>The thing at a path.</summary>
    public async Task<CommentedThing> FindAsync(Session sql, string project, string path)
    {
        foreach (var leg in things)
        {
            if (await leg.FindAsync(sql, project, path) is { } thing)
                return thing;
        }

        throw CommentsErrors.NoThing(path);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("POST", "comments", Permission.WriteComments, async (
        HttpRequest request, Caller caller, AddComment add, CancellationToken cancellation) =>
    {
        var body = Documents.Read<Body>(await request.ReadTextAsync(MaxBody, cancellation));
        return Results.Json(CommentView.Of(await add.HandleAsync(caller, body.On, body.Text, cancellation)), Documents.Compact);
    });

    private sealed record Body(string? On, string? Text);
}
