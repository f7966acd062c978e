using System.Text.RegularExpressions;

namespace Baton.Server.Registry;

/// <summary>
/// What a client gives as the source of a version: <c>runs:/…</c>, <c>models:/…</c>, <c>mlflow-artifacts:/…</c>, the URI of another store, or a
/// path of a disk. Read, not resolved: nothing here touches a disk.
/// </summary>
internal sealed partial record SourceUri(string Text, string Scheme, string Path)
{
    private const int MaxDecoding = 8;

    /// <summary>A path of a disk: no scheme, <c>file:</c>, a drive, or a share.</summary>
    public bool IsLocal => Scheme is "" or "file";

    /// <summary>A path of a disk as the URI of a file.</summary>
    public string FileUri => "file://" + (Scheme.Length == 0 ? string.Join('/', Path.Split('/').Select(Uri.EscapeDataString)) : Path);

    /// <exception cref="Platform.Errors.Refusal">It is relative in parts, or hides that.</exception>
    public static SourceUri Parse(string text)
    {
        var scheme = SchemeOf().Match(text) is { Success: true } match ? match.Groups["scheme"].Value.ToLowerInvariant() : "";
        // One letter is the drive of a Windows path.
        if (scheme.Length <= 1)
            return new SourceUri(text, "", text.Replace('\\', '/'));
        var rest = text[(scheme.Length + 1)..].Split('?', '#')[0];
        if (rest.StartsWith("//", StringComparison.Ordinal))
            rest = rest.IndexOf('/', 2) is >= 0 and var end ? rest[end..] : "";
        var source = new SourceUri(text, scheme, rest);
        if (!source.IsLocal)
            source.RequireAbsolute();
        return source;
    }

    /// <summary>Whether a path of a disk lies in a folder, which is named by another; false where either is relative in parts.</summary>
    public bool IsWithin(string folder)
    {
        var root = Parse(folder);
        return IsLocal && root.IsLocal && IsPlain(Path) && IsPlain(root.Path)
            && (Path.TrimEnd('/') + "/").StartsWith(root.Path.TrimEnd('/') + "/", StringComparison.Ordinal);
    }

    private void RequireAbsolute()
    {
        if (Path.Length > 0 && !IsPlain(Path))
            throw RegistryErrors.RelativeSource(Text);
    }

    /// <summary>Whether a path is absolute and means itself, after every layer of percent-encoding.</summary>
    private static bool IsPlain(string path)
    {
        for (var round = 0; round < MaxDecoding; round++)
        {
            if (path.Contains('\0') || !path.StartsWith('/') || path.TrimEnd('/').Split('/', '\\').Skip(1).Any(s => s is "" or "." or ".."))
                return false;
            var decoded = Uri.UnescapeDataString(path);
            if (decoded == path)
                return true;
            path = decoded;
        }

        return false;
    }

    [GeneratedRegex(@"^(?<scheme>[A-Za-z][A-Za-z0-9+.\-]*):", RegexOptions.ExplicitCapture)]
    private static partial Regex SchemeOf();
}
