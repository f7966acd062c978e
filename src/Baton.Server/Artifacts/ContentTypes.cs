using System.Collections.Frozen;

namespace Baton.Server.Artifacts;

/// <summary>Content type by file name. What a browser could run is served as plain text or bytes.</summary>
internal static class ContentTypes
{
    private static readonly FrozenDictionary<string, string> ByExtension = new Dictionary<string, string>
    {
        [".png"] = "image/png",
        [".jpg"] = "image/jpeg",
        [".jpeg"] = "image/jpeg",
        [".gif"] = "image/gif",
        [".pdf"] = "application/pdf",
        [".parquet"] = "application/vnd.apache.parquet",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Text = new[]
    {
        ".txt", ".log", ".err", ".cfg", ".conf", ".cnf", ".cf", ".ini", ".properties", ".prop", ".hocon", ".toml", ".yaml", ".yml", ".xml", ".json",
        ".js", ".py", ".py3", ".csv", ".tsv", ".md", ".rst", ".html", ".svg",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static string Of(string fileName)
    {
        var extension = Path.GetExtension(fileName);
        if (ByExtension.TryGetValue(extension, out var type))
            return type;
        return Text.Contains(extension) || fileName is "MLmodel" or "MLproject" ? "text/plain; charset=utf-8" : "application/octet-stream";
    }
}
