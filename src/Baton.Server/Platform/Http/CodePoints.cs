namespace Baton.Server.Platform.Http;

/// <summary>Texts measured as MLflow does: in code points, so that a character beyond U+FFFF counts once.</summary>
internal static class CodePoints
{
    public static bool IsLongerThan(this string text, int most) => text.Length > most && Count(text) > most;

    public static int Count(string text)
    {
        var count = text.Length;
        foreach (var c in text)
        {
            if (char.IsLowSurrogate(c))
                count--;
        }

        return count;
    }

    /// <summary>The first <paramref name="most"/> code points; a pair is never halved.</summary>
    public static string Cut(string text, int most)
    {
        if (!text.IsLongerThan(most))
            return text;
        var end = 0;
        for (var taken = 0; taken < most; taken++)
            end += char.IsHighSurrogate(text[end]) ? 2 : 1;
        return text[..end];
    }
}
