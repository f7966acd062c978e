using Baton.Contracts;

namespace Baton.Server.Artifacts;

/// <summary>The read-only part of the artifact root: <c>sealed/{hex digest of a manifest}/…</c>. Clients download a sealed version from there.</summary>
internal sealed record SealedPath(string ManifestDigest)
{
    public const string Root = "sealed";

    /// <summary>Where clients read a manifest's files.</summary>
    public static string UriOf(string manifestDigest) => $"{RunFiles.Scheme}{Root}/{Digests.Hex(manifestDigest)}";

    /// <summary>The sealed part that a path lies in; null where it lies in the mutable map.</summary>
    public static SealedPath? Of(ArtifactPath path)
    {
        var segments = path.Value.Split('/', 3);
        return segments[0] == Root ? new SealedPath($"sha256:{(segments.Length > 1 ? segments[1] : "")}") : null;
    }

    public string PathOf(string file) => $"{Root}/{Digests.Hex(ManifestDigest)}/{file}";
}
