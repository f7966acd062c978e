using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;

namespace Baton.Server.Runs;

/// <summary>Where the files of an experiment are: a URI, or a path on the server.</summary>
internal static class ArtifactLocation
{
    private const int MaxLength = 2048;

    /// <summary>Returns the location as it is kept, or refuses it: a relative path is taken from the server's working directory.</summary>
    public static string Checked(string location)
    {
        if (location.IsLongerThan(MaxLength))
            throw RunsErrors.TooLong("artifact_location", MaxLength);
        var (path, query) = Split(location);
        if (location.Contains('#') || path[(path.LastIndexOf('/') + 1)..].Contains(';'))
            throw Refusal.Invalid("'artifact_location' URL can't include fragments or params.");
        if (Uri.UnescapeDataString(query).Split('/', '\\', '=', '&', '?').Contains(".."))
            throw Refusal.Invalid("Invalid query string: '..' may not stand in the query of 'artifact_location'.");
        return HasScheme(location) || Path.IsPathRooted(location) ? location : Path.GetFullPath(path) + query;
    }

    /// <summary>A place below a location: put after the path, before a query.</summary>
    public static string Below(string location, string path)
    {
        var (root, query) = Split(location);
        return $"{root.TrimEnd('/')}/{path}{query}";
    }

    private static (string Path, string Query) Split(string location)
    {
        var at = HasScheme(location) ? location.IndexOf('?') : -1;
        return at < 0 ? (location, "") : (location[..at], location[at..]);
    }

    private static bool HasScheme(string location)
    {
        var colon = location.IndexOf(':');
        return colon > 1 && char.IsAsciiLetter(location[0]) && location.AsSpan(0, colon).IndexOfAnyExcept(SchemeCharacters) < 0;
    }

    private static readonly System.Buffers.SearchValues<char> SchemeCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");
}
