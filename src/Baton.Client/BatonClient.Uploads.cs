using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Baton.Client;

public sealed partial class BatonClient
{
    /// <summary>From this size on a file is uploaded so that it can go on where a connection broke.</summary>
    private const long ResumableFrom = 64L * 1024 * 1024;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>How long a large upload goes on trying while not one byte gets through.</summary>
    private static readonly TimeSpan ProgressWithin = TimeSpan.FromMinutes(2);

    /// <summary>Uploads by the tus protocol: whatever breaks, it asks how far it came and goes on from there, until nothing moves for a while.</summary>
    private async Task PutInPiecesAsync(string path, Stream bytes, CancellationToken cancel)
    {
        var (start, length) = (bytes.Position, bytes.Length - bytes.Position);
        var upload = await BeginUploadAsync(path, length, cancel).ConfigureAwait(false);
        var (offset, moved, pause) = (0L, _time.GetTimestamp(), TimeSpan.FromMilliseconds(200));
        while (true)
        {
            try
            {
                bytes.Position = start + offset;
                await AppendAsync(upload, offset, bytes, cancel).ConfigureAwait(false);
                return;
            }
            catch (Exception e) when (IsPassing(e) && _time.GetElapsedTime(moved) < ProgressWithin)
            {
                await Task.Delay(pause, _time, cancel).ConfigureAwait(false);
                pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
            }

            if (await FindOffsetAsync(upload, cancel).ConfigureAwait(false) is { } there && there != offset)
                (offset, moved, pause) = (there, _time.GetTimestamp(), TimeSpan.FromMilliseconds(200));
        }
    }

    private async Task<string> BeginUploadAsync(string path, long length, CancellationToken cancel)
    {
        using var request = Tus(HttpMethod.Post, "api/v1/uploads");
        request.Headers.Add("Upload-Length", length.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("Upload-Metadata", "path " + Convert.ToBase64String(Encoding.UTF8.GetBytes(path)));
        using var response = await OrThrowAsync(request, HttpCompletionOption.ResponseContentRead, cancel).ConfigureAwait(false);
        return "api/v1/uploads/" + response.Headers.Location!.OriginalString.Split('/')[^1];
    }

    /// <summary>Sends all from an offset on; the answer to the last byte comes when the file has its place.</summary>
    private async Task AppendAsync(string upload, long offset, Stream bytes, CancellationToken cancel)
    {
        using var request = Tus(HttpMethod.Patch, upload);
        request.Headers.Add("Upload-Offset", offset.ToString(CultureInfo.InvariantCulture));
        // The stream stays open for the next try: only what reads it is disposed.
        request.Content = new StreamContent(new Borrowed(bytes));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        request.Content.Headers.ContentLength = bytes.Length - bytes.Position;
        using var response = await OrThrowAsync(request, HttpCompletionOption.ResponseContentRead, cancel).ConfigureAwait(false);
    }

    /// <summary>How far the server has come; null where it cannot say now.</summary>
    private async Task<long?> FindOffsetAsync(string upload, CancellationToken cancel)
    {
        try
        {
            using var request = Tus(HttpMethod.Head, upload);
            using var response = await OrThrowAsync(request, HttpCompletionOption.ResponseContentRead, cancel).ConfigureAwait(false);
            return long.Parse(response.Headers.GetValues("Upload-Offset").Single(), CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (IsPassing(e))
        {
            return null;
        }
    }

    private static HttpRequestMessage Tus(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Headers.Add("Tus-Resumable", "1.0.0");
        return request;
    }

    /// <summary>Whether a failure may be gone at the next try: no connection, a server on its knees, or an earlier request still being taken leave of.</summary>
    private static bool IsPassing(Exception e) => e is ServerUnreachableException
        || e is BatonApiException { Status: HttpStatusCode.Conflict or >= HttpStatusCode.InternalServerError and not HttpStatusCode.NotImplemented };

    /// <summary>A stream that is lent to one request: it stays open, and the request can no longer read it once it has been given up.</summary>
    private sealed class Borrowed(Stream stream) : Stream
    {
        private volatile bool _returned;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Lent().Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Lent().ReadAsync(buffer, cancellationToken);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            _returned = true;
            base.Dispose(disposing);
        }

        private Stream Lent() => _returned ? throw new ObjectDisposedException(nameof(Borrowed)) : stream;
    }
}
