using Baton.Server.Platform.Errors;
using Baton.Storage;

namespace Baton.Server.Artifacts;

/// <summary>Where files stand: a path of Baton's own map, or of the folder that clients write (<c>--default-artifact-root file:///DIR</c>).</summary>
/// <param name="IsOuter">Whether it is in the folder that clients write.</param>
/// <param name="Path">The path, from the root of either.</param>
internal sealed record ArtifactPlace(bool IsOuter, ArtifactPath Path)
{
    public ArtifactPlace Join(string relative) => this with { Path = Path.Join(relative) };
}

/// <summary>Finds the place that an artifact URI means. Further stores join here.</summary>
internal sealed class ArtifactPlaces(ServerOptions options)
{
    private const string Scheme = "mlflow-artifacts:";
    private const string ProxyPath = "/api/2.0/mlflow-artifacts/artifacts/";

    private readonly string? _outerRoot = options.OuterArtifactDirectory is { } directory ? System.IO.Path.TrimEndingDirectorySeparator(directory) : null;

    /// <summary>The folder that clients write; null where there is none.</summary>
    public OuterFolder? Outer { get; } = options.OuterArtifactDirectory is { } directory ? new OuterFolder(directory) : null;

    /// <summary>The place; a refusal that says why where Baton cannot read it.</summary>
    public ArtifactPlace Of(string uri) => TryOf(uri)
        ?? throw Refusal.Invalid($"The files are at {uri}, which Baton does not read: only {Scheme}/… and what is below --default-artifact-root is served.");

    /// <summary>The place; null where Baton cannot read it.</summary>
    public ArtifactPlace? TryOf(string uri)
    {
        try
        {
            return Find(uri);
        }
        catch (Refusal)
        {
            // A location that a client made up may hold a path that is none.
            return null;
        }
    }

    private ArtifactPlace? Find(string uri)
    {
        if (Proxied(uri) is { } path)
            return new ArtifactPlace(false, path);
        if (_outerRoot is null || !uri.StartsWith("file:///", StringComparison.Ordinal) || !Uri.TryCreate(uri, UriKind.Absolute, out var file)
            || !file.LocalPath.StartsWith(_outerRoot + "/", StringComparison.Ordinal))
            return null;
        return new ArtifactPlace(true, ArtifactPath.Parse(file.LocalPath[(_outerRoot.Length + 1)..]));
    }

    /// <summary>The path in Baton's map that a URI means; null for any other.</summary>
    public static ArtifactPath? Proxied(string uri)
    {
        if (uri.StartsWith(Scheme, StringComparison.Ordinal))
        {
            var path = uri[Scheme.Length..];
            if (path.StartsWith("//", StringComparison.Ordinal))
                path = path.IndexOf('/', 2) is > 0 and var slash ? path[slash..] : "";
            return ArtifactPath.Parse(path.TrimStart('/'));
        }

        return uri.StartsWith("http", StringComparison.Ordinal) && uri.IndexOf(ProxyPath, StringComparison.Ordinal) is > 0 and var at
            ? ArtifactPath.Parse(uri[(at + ProxyPath.Length)..])
            : null;
    }
}
