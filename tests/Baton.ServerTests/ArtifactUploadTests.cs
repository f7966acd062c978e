using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Baton.Client;
using Baton.Database;
using Baton.Testing;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Baton.ServerTests;

public sealed class ArtifactUploadTests
{
    private const string Proxy = "api/2.0/mlflow-artifacts/artifacts";

    [Theory, EachDatabase]
    public async Task An_upload_goes_on_where_it_stopped_and_ends_as_a_file(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var bytes = Content(500_000);
        var upload = await BeginAsync(server, "1/r/large.bin", bytes.Length);
        Assert.Equal((HttpStatusCode.NoContent, 200_000L), await AppendAsync(server, upload, 0, bytes[..200_000]));
        Assert.Equal(200_000, await OffsetAsync(server, upload));
        Assert.Equal((HttpStatusCode.Conflict, (long?)null), await AppendAsync(server, upload, 100_000, bytes[100_000..]));
        Assert.Equal("{}", await server.Http.GetStringAsync($"{Proxy}?path=1/r"));

        Assert.Equal((HttpStatusCode.NoContent, 500_000L), await AppendAsync(server, upload, 200_000, bytes[200_000..]));
        Assert.Equal(bytes, await server.Http.GetByteArrayAsync($"{Proxy}/1/r/large.bin"));

        // Whoever missed the last answer asks, and may send an empty rest; what was put there since stays.
        Assert.Equal(500_000, await OffsetAsync(server, upload));
        using var put = await server.Http.PutAsync($"{Proxy}/1/r/large.bin", new StringContent("newer"));
        Assert.Equal((HttpStatusCode.NoContent, 500_000L), await AppendAsync(server, upload, 500_000, []));
        Assert.Equal("newer", await server.Http.GetStringAsync($"{Proxy}/1/r/large.bin"));
    }

    [Theory, EachDatabase]
    public async Task Impatient_clients_that_ask_while_the_file_is_put_in_place_get_no_fault_and_one_file(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var bytes = Content(4_000_000);
        var upload = await BeginAsync(server, "1/r/whole.bin", bytes.Length);
        await AppendAsync(server, upload, 0, bytes[..^1]);
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => i == 0
            ? AppendAsync(server, upload, bytes.Length - 1, bytes[^1..])
            : AppendAsync(server, upload, bytes.Length, [])));

        Assert.All(answers, answer => Assert.Contains(answer.Status, (HttpStatusCode[])[HttpStatusCode.NoContent, HttpStatusCode.Conflict]));
        // Whichever of them found the last byte on the disk put the file in place, and answered after that.
        Assert.Contains(answers, answer => answer.Status == HttpStatusCode.NoContent);
        Assert.Equal(bytes, await server.Http.GetByteArrayAsync($"{Proxy}/1/r/whole.bin"));
    }

    [Theory, EachDatabase]
    public async Task A_path_is_bounded_in_bytes_too_since_it_is_part_of_keys(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        // Characters that differ, so that the database cannot pack the key.
        var random = new Random(5);
        string Path(int characters) => "1/" + string.Concat(Enumerable.Range(0, characters).Select(_ => (char)random.Next(0x4E00, 0x9FA5)));
        using var fits = await server.Http.PutAsync($"{Proxy}/{Uri.EscapeDataString(Path(666)).Replace("%2F", "/", StringComparison.Ordinal)}", new StringContent("x"));
        Assert.Equal(HttpStatusCode.OK, fits.StatusCode);
        using var over = await server.Http.PutAsync($"{Proxy}/{Uri.EscapeDataString(Path(667)).Replace("%2F", "/", StringComparison.Ordinal)}", new StringContent("x"));
        Assert.Equal(HttpStatusCode.BadRequest, over.StatusCode);
        Assert.Contains("2000 bytes", await over.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task What_is_wrong_with_an_upload_is_said_and_a_dropped_one_is_gone(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        using var empty = await server.Http.SendAsync(Tus(HttpMethod.Post, "api/v1/uploads"));
        Assert.Equal(HttpStatusCode.BadRequest, empty.StatusCode);
        using var old = await server.Http.PostAsync("api/v1/uploads", null);
        Assert.Equal((HttpStatusCode.PreconditionFailed, "1.0.0"), (old.StatusCode, old.Headers.GetValues("Tus-Version").Single()));
        var upload = await BeginAsync(server, "1/r/x", 10);
        Assert.Equal((HttpStatusCode.BadRequest, (long?)null), await AppendAsync(server, upload, 0, Content(11)));

        using var dropped = await server.Http.SendAsync(Tus(HttpMethod.Delete, upload));
        Assert.Equal(HttpStatusCode.NoContent, dropped.StatusCode);
        using var gone = await server.Http.SendAsync(Tus(HttpMethod.Head, upload));
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        var nothing = await BeginAsync(server, "1/r/empty", 0);
        Assert.Equal(0, await OffsetAsync(server, nothing));
        Assert.Equal("", await server.Http.GetStringAsync($"{Proxy}/1/r/empty"));
    }

    [Theory, EachDatabase]
    public async Task An_abandoned_upload_is_swept_after_a_day_and_no_sooner(Engine engine)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var server = await TestServer.StartAsync(engine, time: time);
        var abandoned = await BeginAsync(server, "1/r/x", 10);
        await AppendAsync(server, abandoned, 0, Content(4));
        time.Advance(TimeSpan.FromHours(23));
        var fresh = await BeginAsync(server, "1/r/y", 10);
        await AppendAsync(server, fresh, 0, Content(4));
        await server.Client.CollectGarbageAsync(TimeSpan.FromDays(7), dryRun: false);
        Assert.Equal(4, await OffsetAsync(server, abandoned));

        time.Advance(TimeSpan.FromHours(2));
        await server.Client.CollectGarbageAsync(TimeSpan.FromDays(7), dryRun: false);
        using var gone = await server.Http.SendAsync(Tus(HttpMethod.Head, abandoned));
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Equal(4, await OffsetAsync(server, fresh));
        Assert.Single(Directory.GetDirectories(Path.Combine(server.BlobDirectory, "uploads")));
    }

    [Fact]
    public async Task A_large_file_arrives_though_its_connection_breaks_again_and_again()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var bytes = Content(66 * 1024 * 1024);
        using var fragile = new Fragile();
        using var client = new BatonClient(server.Address, handler: fragile);

        await client.PutArtifactAsync("mlflow-artifacts:/1/r", "large.bin", new MemoryStream(bytes));

        Assert.Equal(4, fragile.Pieces);
        Assert.Equal(bytes, await server.Http.GetByteArrayAsync($"{Proxy}/1/r/large.bin"));
    }

    private static async Task<string> BeginAsync(TestServer server, string path, long length)
    {
        using var request = Tus(HttpMethod.Post, "api/v1/uploads");
        request.Headers.Add("Upload-Length", $"{length}");
        request.Headers.Add("Upload-Metadata", $"filename eA==, path {Convert.ToBase64String(Encoding.UTF8.GetBytes(path))}");
        using var answer = await server.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return answer.Headers.Location!.OriginalString;
    }

    private static async Task<(HttpStatusCode Status, long? Offset)> AppendAsync(TestServer server, string upload, long offset, byte[] bytes)
    {
        using var request = Tus(HttpMethod.Patch, upload);
        request.Headers.Add("Upload-Offset", $"{offset}");
        request.Content = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/offset+octet-stream") } };
        using var answer = await server.Http.SendAsync(request);
        return (answer.StatusCode, answer.Headers.TryGetValues("Upload-Offset", out var at) ? long.Parse(at.Single()) : null);
    }

    private static async Task<long> OffsetAsync(TestServer server, string upload)
    {
        using var answer = await server.Http.SendAsync(Tus(HttpMethod.Head, upload));
        return long.Parse(answer.Headers.GetValues("Upload-Offset").Single());
    }

    private static HttpRequestMessage Tus(HttpMethod method, string path) => new(method, path) { Headers = { { "Tus-Resumable", "1.0.0" } } };

    private static byte[] Content(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        return bytes;
    }

    /// <summary>A network that breaks the first three pieces of an upload after 20 MiB.</summary>
    private sealed class Fragile : DelegatingHandler
    {
        public Fragile()
            : base(new SocketsHttpHandler())
        {
        }

        public int Pieces { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Method == HttpMethod.Patch && ++Pieces <= 3)
            {
                var (headers, source) = (request.Content!.Headers, await request.Content.ReadAsStreamAsync(cancellationToken));
                request.Content = new StreamContent(new Torn(source, 20 * 1024 * 1024)) { Headers = { ContentType = headers.ContentType, ContentLength = headers.ContentLength } };
            }

            return await base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Torn(Stream source, int after) : MemoryStream
    {
        private int _left = after;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_left == 0)
                throw new IOException("The connection was lost.");
            var read = await source.ReadAsync(buffer[..Math.Min(buffer.Length, _left)], cancellationToken);
            _left -= read;
            return read;
        }
    }
}
