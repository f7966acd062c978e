using Baton.Server.Platform.Comments;

namespace Baton.Server.Ui;

/// <summary>Hands comments from a page to their part: components are public, what they show is not.</summary>
public sealed class CommentsView
{
    internal CommentsView(IReadOnlyList<Comment> comments) => Of = comments;

    /// <summary>The earliest first.</summary>
    internal IReadOnlyList<Comment> Of { get; }
}
