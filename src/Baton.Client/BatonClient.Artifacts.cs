using System.Buffers;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;

namespace Baton.Client;

public sealed partial class BatonClient
{
    private const string ProxiedScheme = "mlflow-artifacts:";

    /// <summary>A transfer may take as long as it takes, but not stand still for longer than this.</summary>
    private static readonly TimeSpan ByteWithin = TimeSpan.FromSeconds(60);

    /// <summary>A server checks a stored file whole before it sends the first byte; a large one takes it a while.</summary>
    private static readonly TimeSpan FirstByteWithin = TimeSpan.FromMinutes(5);

    /// <summary>Uploads a file below an artifact root; a large one that can be read from any place goes on where a connection broke.</summary>
    /// <param name="root">Artifact root as the server gave it, e.g. <c>mlflow-artifacts:/1/RUN/artifacts</c>.</param>
    /// <param name="path">Path below it, with <c>/</c>.</param>
    /// <param name="bytes">The bytes; read to the end, left open.</param>
    /// <param name="cancel">Stops the transfer.</param>
    public async Task PutArtifactAsync(string root, string path, Stream bytes, CancellationToken cancel = default)
    {
        if (bytes.CanSeek && bytes.Length - bytes.Position > ResumableFrom)
        {
            await PutInPiecesAsync(Unproxied(root, path), bytes, cancel).ConfigureAwait(false);
            return;
        }

        using var content = new StreamContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var response = await TransferAsync(HttpMethod.Put, Proxied(root, path), content, cancel).ConfigureAwait(false);
    }

    /// <summary>Files directly in a folder below an artifact root; none where there is no such folder.</summary>
    public async Task<IReadOnlyList<ArtifactFile>> ListArtifactsAsync(string root, string path = "", CancellationToken cancel = default)
    {
        var folder = Unproxied(root, path);
        var listing = await GetAsync<ArtifactListing>(Query("api/2.0/mlflow-artifacts/artifacts", ("path", folder)), cancel).ConfigureAwait(false);
        return listing.Files ?? [];
    }

    /// <summary>Paths of all files below a folder of an artifact root, relative to that folder, in ordinal order.</summary>
    public async Task<IReadOnlyList<string>> ListAllArtifactsAsync(string root, string path = "", CancellationToken cancel = default)
    {
        var found = new List<string>();
        var folders = new Queue<string>([""]);
        while (folders.TryDequeue(out var folder))
        {
            foreach (var file in await ListArtifactsAsync(root, Join(path, folder), cancel).ConfigureAwait(false))
            {
                var relative = Join(folder, file.Path);
                if (file.IsDir)
                    folders.Enqueue(relative);
                else
                    found.Add(relative);
            }
        }
        found.Sort(StringComparer.Ordinal);
        return found;
    }

    /// <summary>Streams an artifact into a file, which appears whole or not at all.</summary>
    /// <param name="root">Artifact root as the server gave it.</param>
    /// <param name="path">Path below it.</param>
    /// <param name="file">Path to write; its folder must exist.</param>
    /// <param name="sha256">Digest to check against, <c>sha256:…</c>; null for none.</param>
    /// <param name="cancel">Stops the transfer.</param>
    public async Task DownloadArtifactAsync(string root, string path, string file, string? sha256 = null, CancellationToken cancel = default)
    {
        using var response = await ReceiveAsync(Proxied(root, path), cancel).ConfigureAwait(false);
        await SaveAsync(response, file, sha256, cancel).ConfigureAwait(false);
    }

    /// <summary>The artifact root that an address of MLflow's means: <c>runs:/ID/path</c> is looked up, others are roots already.</summary>
    public async Task<string> ResolveArtifactRootAsync(string uri, CancellationToken cancel = default)
    {
        const string runs = "runs:/";
        if (!uri.StartsWith(runs, StringComparison.Ordinal))
            return uri;
        var rest = uri[runs.Length..].TrimStart('/');
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var run = await GetRunAsync(slash < 0 ? rest : rest[..slash], cancel).ConfigureAwait(false);
        return slash < 0 ? run.Info.ArtifactUri : Join(run.Info.ArtifactUri, rest[(slash + 1)..]);
    }

    /// <summary>Asks for a transfer and waits for its beginning.</summary>
    private async Task<HttpResponseMessage> ReceiveAsync(string path, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(FirstByteWithin, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        try
        {
            return await TransferAsync(HttpMethod.Get, path, null, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new ServerUnreachableException(Server, new TimeoutException($"no byte came within {FirstByteWithin.TotalMinutes:0} min", e));
        }
    }

    private async Task SaveAsync(HttpResponseMessage response, string file, string? sha256, CancellationToken cancel)
    {
        var partial = file + ".partial";
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 17);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using (var target = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous))
            {
                await using var source = await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
                for (int read; (read = await ReadSomeAsync(source, buffer, cancel).ConfigureAwait(false)) > 0;)
                {
                    hash.AppendData(buffer, 0, read);
                    await target.WriteAsync(buffer.AsMemory(0, read), cancel).ConfigureAwait(false);
                }
            }
            var actual = "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset());
            if (sha256 is not null && actual != sha256)
                throw new DigestMismatchException(response.RequestMessage?.RequestUri?.ToString() ?? file, sha256, actual);
            File.Move(partial, file, overwrite: true);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            File.Delete(partial);
        }
    }

    /// <summary>A connection that breaks or falls silent half way is the server's absence, a full disk is not: only the reading end is translated.</summary>
    private async Task<int> ReadSomeAsync(Stream source, byte[] buffer, CancellationToken cancel)
    {
        using var silence = new CancellationTokenSource(ByteWithin, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, silence.Token);
        try
        {
            return await source.ReadAsync(buffer, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new ServerUnreachableException(Server, new TimeoutException($"the transfer stood still for {ByteWithin.TotalSeconds:0} s", e));
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new ServerUnreachableException(Server, e);
        }
    }

    private static string Proxied(string root, string path) =>
        "api/2.0/mlflow-artifacts/artifacts/" + string.Join('/', Unproxied(root, path).Split('/').Select(Escape));

    private static string Unproxied(string root, string path)
    {
        if (!root.StartsWith(ProxiedScheme, StringComparison.Ordinal))
        {
            throw new NotSupportedException(
                $"The artifact root {root} is not served by the server ({ProxiedScheme}/…); read it with a client of its own storage.");
        }
        var local = root[ProxiedScheme.Length..];
        if (local.StartsWith("//", StringComparison.Ordinal))
            local = new Uri(root).AbsolutePath;
        return Join(local.Trim('/'), path);
    }

    private static string Join(string folder, string path) =>
        folder.Length == 0 ? path : path.Length == 0 ? folder : $"{folder.TrimEnd('/')}/{path.TrimStart('/')}";

    private static JsonContent Json<T>(T body) => JsonContent.Create(body, options: WireJson.Options);

    private sealed record ArtifactListing(IReadOnlyList<ArtifactFile>? Files);
}

/// <summary>A file or folder among artifacts.</summary>
/// <param name="Path">Its name in the folder that was listed.</param>
/// <param name="IsDir">Whether it is a folder.</param>
/// <param name="FileSize">Bytes; null for a folder.</param>
public sealed record ArtifactFile(string Path, bool IsDir, long? FileSize);
