using Baton.Database;

namespace Baton.Server.Platform.Comments;

/// <summary>A leg whose things can be commented on. Comments ask every one, and so need to know none.</summary>
internal interface ICommentable
{
    /// <summary>The thing at a path, <c>models/NAME/contracts/DIGEST/clauses/NAME</c>; null where it is none of this leg's, or there is none.</summary>
    Task<CommentedThing?> FindAsync(Session sql, string project, string path);
}

/// <summary>What a comment is on.</summary>
/// <param name="Subject">Path of it in the ledger.</param>
/// <param name="Anchor">The digest that it has now.</param>
internal sealed record CommentedThing(string Subject, string Anchor);
