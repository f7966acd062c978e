using Baton.Contracts;
using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Platform.Comments;

/// <summary>Reads what was said of a thing and of what is below it.</summary>
internal sealed class ReadComments(BatonDatabase database, CommentsStore store)
{
    /// <summary>The earliest first.</summary>
    public Task<IReadOnlyList<Comment>> ListAsync(Caller caller, string path, CancellationToken cancellation) =>
        database.ReadAsync(sql => store.ListAsync(sql, caller.Project, path), cancellation);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("GET", "comments", Permission.ReadComments, async (
        string? on, Caller caller, ReadComments read, CancellationToken cancellation) =>
    {
        if (string.IsNullOrWhiteSpace(on))
            throw Refusal.Invalid("'on' is missing: name what the comments are on, e.g. ?on=models/flight-delay.");
        return Results.Json(new Listing([.. (await read.ListAsync(caller, on, cancellation)).Select(CommentView.Of)]), Documents.Compact);
    });

    private sealed record Listing(IReadOnlyList<CommentView> Comments);
}
