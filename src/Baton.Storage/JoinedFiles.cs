namespace Baton.Storage;

/// <summary>Several files read as one, one after the other.</summary>
internal sealed class JoinedFiles(IReadOnlyList<string> paths) : Stream
{
    private int _next;
    private FileStream? _open;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (_open is not null && await _open.ReadAsync(buffer, cancellationToken) is > 0 and var read)
                return read;
            if (_open is not null)
                await _open.DisposeAsync();
            _open = null;
            if (_next == paths.Count)
                return 0;
            _open = new FileStream(paths[_next++], FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _open?.Dispose();
        base.Dispose(disposing);
    }
}
