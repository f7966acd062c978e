using System.Buffers.Text;
using System.Text;
using Baton.Server.Platform.Errors;

namespace Baton.Server.Runs.History;

/// <summary>A page token that belongs to one query: some words that say where to go on, and what was asked.</summary>
internal static class PageMark
{
    private const char Between = '\n';

    public static string Of(string query, params ReadOnlySpan<string> words) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{query}{Between}{string.Join(Between, words!)}"));

    /// <summary>The words, or a refusal where the token is none of this query.</summary>
    public static string[] WordsOf(string token, string query, int words)
    {
        if (!Base64Url.IsValid(token) || Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token)).Split(Between) is not { Length: > 0 } parts || parts.Length != words + 1)
            throw Refusal.Invalid("Invalid page token: it is none that this route gave out. Leave page_token out to begin at the first page.");
        return parts[0] == query
            ? parts[1..]
            : throw Refusal.Invalid("Invalid page token: it belongs to another query. Leave page_token out to begin at the first page.");
    }
}
