using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Ids;

namespace Baton.Server.Platform.Comments;

/// <summary>What somebody says of a thing.</summary>
internal sealed record Comment
{
    public string Id { get; init; } = "";

    /// <summary>Path of the thing.</summary>
    public string About { get; init; } = "";

    /// <summary>The digest that the thing had when it was commented on.</summary>
    public string? Anchor { get; init; }

    public string Text { get; init; } = "";

    public string Author { get; init; } = "";

    public long WrittenAt { get; init; }

    public long? EditedAt { get; init; }

    public string? ResolvedBy { get; init; }

    public long? ResolvedAt { get; init; }
}

/// <summary>A comment on the wire.</summary>
internal sealed record CommentView(
    string Id, string On, string? Anchor, string Text, string Author, DateTimeOffset WrittenAt, DateTimeOffset? EditedAt, string? ResolvedBy, DateTimeOffset? ResolvedAt)
{
    public static CommentView Of(Comment c) => new(
        c.Id, c.About, c.Anchor, c.Text, c.Author, Instants.FromMicros(c.WrittenAt), Instants.FromMicros(c.EditedAt), c.ResolvedBy, Instants.FromMicros(c.ResolvedAt));
}

internal static class CommentsErrors
{
    public static Refusal NoComment(string id) => Refusal.NotFound($"There is no comment {id}.");

    public static Refusal NoThing(string path) => Refusal.NotFound(
        $"There is nothing at '{path}' to comment on: expected models/NAME/contracts/DIGEST, models/NAME/versions/NUMBER or models/NAME/evidence/DIGEST, each with or without /clauses/CLAUSE.");
}
