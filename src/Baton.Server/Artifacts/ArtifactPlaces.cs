using System.Net;
using Baton.Server.Platform.Errors;
using Baton.Server.Runs;
using Baton.Storage;
using Microsoft.AspNetCore.Http;

namespace Baton.Server.Artifacts;

/// <summary>Where files stand: a path of Baton's own map, or of the folder that clients write (<c>--default-artifact-root file:///DIR</c>).</summary>
/// <param name="IsOuter">Whether it is in the folder that clients write.</param>
/// <param name="Path">The path, from the root of either.</param>
internal sealed record ArtifactPlace(bool IsOuter, ArtifactPath Path)
{
    public ArtifactPlace Join(string relative) => this with { Path = Path.Join(relative) };
}

/// <summary>Finds the place that an artifact URI means. Further stores join here.</summary>
internal sealed class ArtifactPlaces(ServerOptions options, IHttpContextAccessor requests)
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

    /// <summary>The path in Baton's map of a run's files; a refusal that says where they are instead.</summary>
    public ArtifactPath RootOf(Run run) => Proxied(run.ArtifactUri)
        ?? throw Refusal.Invalid($"The files of run {run.RunId} are at {run.ArtifactUri}, which clients write themselves: Baton holds none of them.");

    /// <summary>The path in Baton's map that a URI means; null for any other, and for one of another host.</summary>
    public ArtifactPath? Proxied(string uri)
    {
        if (uri.StartsWith(Scheme, StringComparison.Ordinal))
        {
            var (authority, path) = Split(uri[Scheme.Length..]);
            return IsOwn(authority, null) ? ArtifactPath.Parse(path.TrimStart('/')) : null;
        }

        var port = uri.StartsWith("http://", StringComparison.Ordinal) ? 80 : uri.StartsWith("https://", StringComparison.Ordinal) ? 443 : (int?)null;
        if (port is null)
            return null;
        var (host, below) = Split(uri[(uri.IndexOf(':') + 1)..]);
        return below.IndexOf(ProxyPath, StringComparison.Ordinal) is >= 0 and var at && IsOwn(host, port) ? ArtifactPath.Parse(below[(at + ProxyPath.Length)..]) : null;
    }

    private static (string Authority, string Path) Split(string rest)
    {
        if (!rest.StartsWith("//", StringComparison.Ordinal))
            return ("", rest);
        var slash = rest.IndexOf('/', 2);
        return slash < 0 ? (rest[2..], "") : (rest[2..slash], rest[slash..]);
    }

    /// <summary>Whether an authority is the one that the client reaches Baton by, or none; all names of this machine are one.</summary>
    private bool IsOwn(string authority, int? defaultPort)
    {
        if (authority.Length == 0)
            return true;
        if (requests.HttpContext?.Request is not { } request)
            return false;
        var (named, asked) = (new HostString(authority[(authority.LastIndexOf('@') + 1)..]), request.Host);
        var usual = request.IsHttps ? 443 : 80;
        // Without ports on either side a proxy may have taken the encryption off.
        return (named.Port == asked.Port || (named.Port ?? defaultPort ?? usual) == (asked.Port ?? usual))
            && (string.Equals(named.Host, asked.Host, StringComparison.OrdinalIgnoreCase) || (IsThisMachine(named.Host) && IsThisMachine(asked.Host)));
    }

    private static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
