using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Baton.Client;
using Baton.Contracts;
using Baton.Testing;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Baton.UnitTests.Client;

public sealed class BatonClientTests : IDisposable
{
    private readonly Wire _wire = new();
    private readonly BatonClient _client;
    private readonly TempDirectory _folder = new();

    public BatonClientTests() => _client = new BatonClient(new Uri("http://baton.test/below"), "secret", "blue", _wire);

    public void Dispose()
    {
        _client.Dispose();
        _wire.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Names_are_escaped_and_token_and_project_go_along()
    {
        _wire.Answer(HttpStatusCode.OK, """{"open": false, "verdict": "not_run", "reasons": ["nothing was measured"]}""");

        var gate = await _client.GetGateAsync("late flights/ü", "3", "production");

        Assert.Equal("http://baton.test/below/api/v1/models/late%20flights%2F%C3%BC/versions/3/gate?stage=production", _wire.Request!.RequestUri!.AbsoluteUri);
        Assert.Equal(("Bearer", "secret"), (_wire.Request.Headers.Authorization!.Scheme, _wire.Request.Headers.Authorization.Parameter));
        Assert.Equal(["blue"], _wire.Request.Headers.GetValues("X-MLFLOW-WORKSPACE"));
        Assert.Equal((false, Verdict.NotRun, "nothing was measured"), (gate.Open, gate.Verdict, Assert.Single(gate.Reasons)));
    }

    [Fact]
    public async Task A_problem_becomes_an_exception_with_code_detail_faults_and_verdict()
    {
        _wire.Answer(HttpStatusCode.Conflict, """
            {"type": "about:blank", "title": "The gate refused", "status": 409, "code": "gate_refused", "detail": "Version 2 may not go.", "verdict": "fail",
             "errors": [{"path": "metrics.roc_auc", "message": "too low", "line": 12, "column": 7}]}
            """);

        var refused = await Assert.ThrowsAsync<BatonApiException>(() => _client.PromoteAsync("m", "2", "production"));

        Assert.Equal((HttpStatusCode.Conflict, "gate_refused", "Version 2 may not go.", Verdict.Fail), (refused.Status, refused.Code, refused.Message, refused.Verdict));
        Assert.Equal(new ApiFault("metrics.roc_auc", "too low", 12, 7), Assert.Single(refused.Errors));
    }

    [Fact]
    public async Task MLflows_error_becomes_the_same_exception()
    {
        _wire.Answer(HttpStatusCode.BadRequest, """{"error_code": "INVALID_PARAMETER_VALUE", "message": "No such thing as 'abc'."}""");

        var refused = await Assert.ThrowsAsync<BatonApiException>(() => _client.GetRunAsync("abc"));

        Assert.Equal(("INVALID_PARAMETER_VALUE", "No such thing as 'abc'."), (refused.Code, refused.Message));
    }

    [Theory]
    [InlineData("<html>Bad gateway</html>")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"hello": 1}""")]
    public async Task Another_programs_error_is_told_as_it_is(string body)
    {
        _wire.Answer(HttpStatusCode.BadGateway, body);

        var refused = await Assert.ThrowsAsync<BatonApiException>(() => _client.GetHandoffAsync("1"));

        Assert.Contains("502 BadGateway", refused.Message, StringComparison.Ordinal);
        Assert.Contains(body, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_is_not_Batons_is_no_crash()
    {
        _wire.Answer(HttpStatusCode.OK, "<html>hello</html>");

        var refused = await Assert.ThrowsAsync<BatonApiException>(() => _client.GetStagesAsync("m"));

        Assert.Contains("Is something else listening there?", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_connection_is_the_servers_absence()
    {
        _wire.Break(new HttpRequestException("no", new SocketException((int)SocketError.ConnectionRefused)));

        var away = await Assert.ThrowsAsync<ServerUnreachableException>(() => _client.GetStagesAsync("m"));

        Assert.StartsWith("No Baton server answers at http://baton.test (", away.Message, StringComparison.Ordinal);
        Assert.False(await _client.IsHealthyAsync());
    }

    [Fact]
    public async Task What_is_missing_is_null_where_that_is_an_answer()
    {
        _wire.Answer(HttpStatusCode.NotFound, """{"code": "not_found", "detail": "none"}""");

        Assert.Null(await _client.FindContractAsync("m"));
        Assert.Null(await _client.FindClaimsAsync("m", "1"));
        Assert.Null(await _client.FindExperimentAsync("e"));
    }

    [Fact]
    public async Task No_job_is_null_and_a_job_carries_its_payload()
    {
        _wire.Answer(HttpStatusCode.NoContent, "");
        Assert.Null(await _client.ClaimJobAsync("a", ["verification"], TimeSpan.FromSeconds(20)));
        Assert.Equal("""{"agent":"a","kinds":["verification"],"wait_seconds":20}""", _wire.Body);

        _wire.Answer(HttpStatusCode.OK, """{"id": "j", "kind": "verification", "attempt": 2, "lease_seconds": 15, "payload": {"model": "m"}}""");
        var job = await _client.ClaimJobAsync("a", ["verification"], TimeSpan.FromSeconds(20));
        Assert.Equal(("j", 2, 15, "m"), (job!.Id, job.Attempt, job.LeaseSeconds, job.Payload.GetProperty("model").GetString()));
    }

    [Fact]
    public async Task A_blob_is_kept_only_where_its_bytes_are_what_the_digest_names()
    {
        var digest = Digests.Sha256("hello");
        var file = _folder.File("blob");
        _wire.Answer(HttpStatusCode.OK, "hello");
        await _client.DownloadBlobAsync(digest, file);
        Assert.Equal("hello", await File.ReadAllTextAsync(file));
        Assert.EndsWith($"/api/v1/blobs/{digest}", _wire.Request!.RequestUri!.AbsolutePath, StringComparison.Ordinal);

        _wire.Answer(HttpStatusCode.OK, "hullo");
        var mismatch = await Assert.ThrowsAsync<DigestMismatchException>(() => _client.DownloadBlobAsync(digest, file));

        Assert.Equal((digest, Digests.Sha256("hullo")), (mismatch.Expected, mismatch.Actual));
        Assert.Equal("hello", await File.ReadAllTextAsync(file));
        Assert.Equal([file], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task A_transfer_that_breaks_leaves_nothing()
    {
        _wire.Answer(HttpStatusCode.OK, new BreakingStream());

        await Assert.ThrowsAsync<ServerUnreachableException>(() => _client.DownloadArtifactAsync("mlflow-artifacts:/1/r/artifacts", "a b/c", _folder.File("c")));

        Assert.EndsWith("/api/2.0/mlflow-artifacts/artifacts/1/r/artifacts/a%20b/c", _wire.Request!.RequestUri!.AbsoluteUri, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task A_transfer_that_stands_still_for_a_minute_is_the_servers_absence()
    {
        var time = new FakeTimeProvider();
        using var client = new BatonClient(new Uri("http://baton.test"), handler: _wire, time: time);
        var body = new SilentStream();
        _wire.Answer(HttpStatusCode.OK, body);

        var download = client.DownloadBlobAsync(Digests.Sha256("never"), _folder.File("c"));
        await body.Silent.WaitAsync(TimeSpan.FromSeconds(30));
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(download.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));

        var away = await Assert.ThrowsAsync<ServerUnreachableException>(() => download.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains("stood still for 60 s", away.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task A_transfer_that_never_begins_is_the_servers_absence()
    {
        var time = new FakeTimeProvider();
        using var client = new BatonClient(new Uri("http://baton.test"), handler: _wire, time: time);
        _wire.Hang();

        var download = client.DownloadBlobAsync(Digests.Sha256("never"), _folder.File("c"));
        time.Advance(TimeSpan.FromMinutes(5));

        await Assert.ThrowsAsync<ServerUnreachableException>(() => download.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Storage_that_the_server_does_not_serve_is_named()
    {
        var elsewhere = await Assert.ThrowsAsync<NotSupportedException>(() => _client.ListArtifactsAsync("s3://bucket/1"));

        Assert.Contains("s3://bucket/1", elsewhere.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MLflows_numbers_in_quotes_are_read()
    {
        var metric = JsonSerializer.Deserialize<Metric>("""{"key": "loss", "value": "NaN", "timestamp": "12", "step": 3}""", WireJson.Options);

        Assert.Equal(new Metric("loss", double.NaN, 12, 3), metric);
    }

    private sealed class Wire : HttpMessageHandler
    {
        private Func<HttpResponseMessage> _answer = () => throw new InvalidOperationException("No answer was given.");

        private bool _hang;

        public HttpRequestMessage? Request { get; private set; }

        public string Body { get; private set; } = "";

        public void Answer(HttpStatusCode status, string body) => _answer = () => new(status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };

        public void Answer(HttpStatusCode status, Stream body) => _answer = () => new(status) { Content = new StreamContent(body) };

        public void Break(Exception e) => _answer = () => throw e;

        public void Hang() => _hang = true;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Request = request;
            Body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            if (_hang)
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            var response = _answer();
            response.RequestMessage = request;
            return response;
        }
    }

    /// <summary>Some bytes, then nothing for ever.</summary>
    private sealed class SilentStream : MemoryStream
    {
        private readonly TaskCompletionSource _silent = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public SilentStream()
            : base(new byte[100])
        {
        }

        public Task Silent => _silent.Task;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (await base.ReadAsync(buffer, cancellationToken) is > 0 and var read)
                return read;
            _silent.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return 0;
        }
    }

    /// <summary>Some bytes, then a broken connection.</summary>
    private sealed class BreakingStream : MemoryStream
    {
        public BreakingStream()
            : base(new byte[100])
        {
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var read ? read : throw new IOException("The connection was reset.");

        public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) =>
            await Task.FromException(new IOException("The connection was reset."));
    }
}
