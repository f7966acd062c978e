using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Baton.Client;
using Baton.Contracts;
using Baton.Database;
using Baton.Server.Artifacts;
using Baton.Testing;
using Xunit;

namespace Baton.ServerTests;

public sealed class ArtifactTests
{
    private const string Proxy = "api/2.0/mlflow-artifacts/artifacts";

    [Theory, EachDatabase]
    public async Task Files_are_stored_listed_ranged_and_overwritten(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await PutAsync(server, "1/r/artifacts/a/one.txt", "hello");
        await PutAsync(server, "1/r/artifacts/a/b/two.bin", "");
        await PutAsync(server, "1/r/artifacts/a0.txt", "not below a");
        Assert.Equal(
            """{"files":[{"path":"b","is_dir":true},{"path":"one.txt","is_dir":false,"file_size":5}]}""",
            await server.Http.GetStringAsync($"{Proxy}?path=1/r/artifacts/a"));
        Assert.Equal("{}", await server.Http.GetStringAsync($"{Proxy}?path=1/r/artifacts/a/one.txt"));
        Assert.Equal("{}", await server.Http.GetStringAsync($"{Proxy}?path=nowhere"));

        using var whole = await server.Http.GetAsync($"{Proxy}/1/r/artifacts/a/one.txt");
        Assert.Equal(("text/plain", 5L, "attachment"), (whole.Content.Headers.ContentType!.MediaType, whole.Content.Headers.ContentLength, whole.Content.Headers.ContentDisposition!.DispositionType));
        using var ranged = new HttpRequestMessage(HttpMethod.Get, $"{Proxy}/1/r/artifacts/a/one.txt") { Headers = { Range = new RangeHeaderValue(1, 3) } };
        using var part = await server.Http.SendAsync(ranged);
        Assert.Equal((HttpStatusCode.PartialContent, "ell"), (part.StatusCode, await part.Content.ReadAsStringAsync()));
        using var known = new HttpRequestMessage(HttpMethod.Get, $"{Proxy}/1/r/artifacts/a/one.txt");
        known.Headers.IfNoneMatch.Add(whole.Headers.ETag!);
        using var unchanged = await server.Http.SendAsync(known);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);

        await PutAsync(server, "1/r/artifacts/a/one.txt", "changed");
        Assert.Equal("changed", await server.Http.GetStringAsync($"{Proxy}/1/r/artifacts/a/one.txt"));
        using var missing = await server.Http.GetAsync($"{Proxy}/1/r/artifacts/none");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Contains("RESOURCE_DOES_NOT_EXIST", await missing.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task A_sealed_version_serves_the_sealed_bytes_whatever_the_run_does(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var version = await server.RegisterAsync("m", ("model.onnx", "sealed bytes"));
        var run = await server.Client.GetRunAsync(version.RunId!);
        await server.Client.PutArtifactAsync(run.Info.ArtifactUri, "model/model.onnx", new MemoryStream("other bytes"u8.ToArray()));
        var root = (await server.Client.GetDownloadUriAsync("m", "1"))["mlflow-artifacts:/".Length..];
        Assert.Equal("sealed bytes", await server.Http.GetStringAsync($"{Proxy}/{root}/model.onnx"));
        using var put = await server.Http.PutAsync($"{Proxy}/{root}/model.onnx", new StringContent("x"));
        Assert.Equal(HttpStatusCode.BadRequest, put.StatusCode);
    }

    [Theory, EachDatabase]
    public async Task A_sealed_package_can_be_registered_again_and_the_whole_store_cannot(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.RegisterAsync("m");
        var root = await server.Client.GetDownloadUriAsync("m", "1");
        var again = await server.Client.CreateModelVersionAsync("m", root, null);
        Assert.Equal(root, await server.Client.GetDownloadUriAsync("m", again.Version));
        var refused = await Assert.ThrowsAsync<Baton.Client.BatonApiException>(() => server.Client.CreateModelVersionAsync("m", "mlflow-artifacts:/", null));
        Assert.Contains("whole artifact store", refused.Message, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task A_file_changed_on_the_disk_is_never_served_and_its_digest_is_named(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await PutAsync(server, "1/r/artifacts/x", "the right bytes");
        var digest = Digests.Sha256("the right bytes");
        var stored = StoredFile(server, digest);
        var bytes = await File.ReadAllBytesAsync(stored);
        bytes[4] ^= 1;
        File.SetAttributes(stored, FileAttributes.Normal);
        await File.WriteAllBytesAsync(stored, bytes);
        using var response = await server.Http.GetAsync($"{Proxy}/1/r/artifacts/x");
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        var body = await response.Content.ReadAsStringAsync();
        Assert.Contains(digest, body, StringComparison.Ordinal);
        Assert.Contains("DATA_LOSS", body, StringComparison.Ordinal);
        Assert.DoesNotContain("right", body, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task A_large_file_damaged_near_its_end_is_a_clean_answer_to_an_agent(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var bytes = new byte[10_000_000];
        new Random(1).NextBytes(bytes);
        using (var put = await server.Http.PutAsync($"{Proxy}/1/r/artifacts/large", new ByteArrayContent(bytes)))
            Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        var digest = Digests.Sha256(bytes);
        using var folder = new TempDirectory();
        await server.Agent.DownloadBlobAsync(digest, folder.File("large"));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(folder.File("large")));

        var stored = StoredFile(server, digest);
        var modified = File.GetLastWriteTimeUtc(stored);
        bytes[9_000_000] ^= 1;
        File.SetAttributes(stored, FileAttributes.Normal);
        await File.WriteAllBytesAsync(stored, bytes);
        File.SetLastWriteTimeUtc(stored, modified); // a disk that rots does not tell
        var corrupt = await Assert.ThrowsAsync<BatonApiException>(() => server.Agent.DownloadBlobAsync(digest, folder.File("damaged")));
        Assert.Equal((HttpStatusCode.InternalServerError, "blob_corrupt"), (corrupt.Status, corrupt.Code));
        Assert.Contains(digest, corrupt.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("damaged")));
    }

    [Theory, EachDatabase]
    public async Task A_lost_file_that_is_held_is_corrupt_to_an_agent_and_an_unknown_one_is_not_found(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.RegisterAsync("m", ("model.onnx", "sealed bytes"));
        var digest = Digests.Sha256("sealed bytes");
        File.Delete(StoredFile(server, digest));
        using var folder = new TempDirectory();

        var lost = await Assert.ThrowsAsync<BatonApiException>(() => server.Agent.DownloadBlobAsync(digest, folder.File("x")));
        Assert.Equal((HttpStatusCode.InternalServerError, "blob_corrupt"), (lost.Status, lost.Code));
        Assert.Contains(digest, lost.Message, StringComparison.Ordinal);
        var unknown = await Assert.ThrowsAsync<BatonApiException>(() => server.Agent.DownloadBlobAsync(Digests.Sha256("never stored"), folder.File("x")));
        Assert.Equal((HttpStatusCode.NotFound, "not_found"), (unknown.Status, unknown.Code));
    }

    [Theory]
    [InlineData("1/r/../../../etc/passwd")]
    [InlineData("1/r/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("1/r/%252e%252e/x")]
    [InlineData("1/r/..%5cx")]
    [InlineData("1/r/a%23b")]
    [InlineData("%2Fetc/passwd")]
    [InlineData("C:/x")]
    [InlineData("1//x")]
    public async Task A_path_that_is_not_plain_is_refused(string path)
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(server.Address.Host, server.Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"PUT /{Proxy}/{path} HTTP/1.1\r\nHost: {server.Address.Authority}\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx"));
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync();
        Assert.Matches("^HTTP/1.1 40[04]", answer);
    }

    [Theory, EachDatabase]
    public async Task A_body_that_ends_early_stores_nothing(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        using (var client = new System.Net.Sockets.TcpClient())
        {
            await client.ConnectAsync(server.Address.Host, server.Address.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                $"PUT /{Proxy}/1/r/artifacts/cut HTTP/1.1\r\nHost: {server.Address.Authority}\r\nContent-Length: 100\r\n\r\nonly this"));
        }

        await PutAsync(server, "1/r/artifacts/after", "x");
        Assert.Equal("""{"files":[{"path":"after","is_dir":false,"file_size":1}]}""", await server.Http.GetStringAsync($"{Proxy}?path=1/r/artifacts"));
    }

    [Theory, EachDatabase]
    public async Task A_listing_reads_one_row_of_each_folder_in_it_whatever_names_there_are(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        string[] paths = ["a/x/1", "a/x/2", "a/y", "a-b", "a.c/1", "a0", "a00/1", "a00/2", "é/1", "é/2", "\U0001F600/1", "\U0001F600/2/3", "\U0001F600a", "\uFFFDz", "\U0010FFFD", "b c/d e"];
        foreach (var path in paths)
            await PutAsync(server, $"1/r é/artifacts/{Uri.EscapeDataString(path).Replace("%2F", "/", StringComparison.Ordinal)}", path);
        await PutAsync(server, "1/r é0", "beside");
        await using var database = await BatonDatabase.OpenAsync(server.DatabaseConnection, TimeProvider.System);
        foreach (var folder in (string[])["", "a/", "a/x/", "é/", "\U0001F600/", "b c/", "none/", "a-b/"])
        {
            var firsts = paths.Where(p => p.StartsWith(folder, StringComparison.Ordinal)).OrderBy(p => p, CodePointOrder)
                .GroupBy(p => p[folder.Length..].Split('/')[0]).Select(g => "1/r é/artifacts/" + g.First());
            var read = await database.ReadAsync(
                sql => new ArtifactsStore().FirstsInAsync(sql, "default", ArtifactPath.Parse($"1/r é/artifacts/{folder}")), CancellationToken.None);
            Assert.Equal(firsts, read.Select(f => f.Path));
        }

        var listed = JsonNode.Parse(await server.Http.GetStringAsync($"{Proxy}?path={Uri.EscapeDataString("1/r é/artifacts")}"))!["files"]!.AsArray();
        Assert.Equal(
            paths.GroupBy(p => p.Split('/')[0]).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (g.Key, g.First() != g.Key)),
            listed.Select(f => (f!["path"]!.GetValue<string>(), f["is_dir"]!.GetValue<bool>())));
        Assert.Equal("""{"files":[{"path":"1","is_dir":true}]}""", await server.Http.GetStringAsync(Proxy));
    }

    private static readonly Comparer<string> CodePointOrder = Comparer<string>.Create((a, b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)));

    private static string StoredFile(TestServer server, string digest) =>
        Directory.EnumerateFiles(server.BlobDirectory, Digests.Hex(digest), SearchOption.AllDirectories).Single();

    private static async Task PutAsync(TestServer server, string path, string text)
    {
        using var response = await server.Http.PutAsync($"{Proxy}/{path}", new StringContent(text));
        Assert.Equal("{}", await response.Content.ReadAsStringAsync());
    }
}
