using System.Security.Cryptography;
using Baton.Contracts;
using Baton.Serving.Models;

namespace Baton.Serving.Node;

/// <summary>A model file that somebody named on the command line, as a version to serve.</summary>
internal static class NamedModel
{
    /// <summary>The file as version 1 of an endpoint. Who names a file trusts it: it runs in the node's process.</summary>
    public static async Task<ServedVersion> ReadAsync(string endpoint, string path, CancellationToken cancellation)
    {
        var full = Path.GetFullPath(path);
        await using var file = new FileStream(full, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan | FileOptions.Asynchronous);
        var sha256 = "sha256:" + Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation));
        return new ServedVersion
        {
            Project = "default",
            Endpoint = endpoint,
            Model = endpoint,
            Version = "1",
            PackageDigest = new Manifest([new ManifestFile(Path.GetFileName(full), sha256, file.Length)]).Digest,
            PackageDirectory = Path.GetDirectoryName(full)!,
            ModelFile = Path.GetFileName(full),
            Verified = true,
        };
    }
}
