using Baton.Serving.Node;
using Baton.Storage;

namespace Baton.Serving.Log;

/// <summary>
/// The folder of the log: segments of rows as they come (<c>ID.rows</c>), and sealed files. One segment for all endpoints and days, so that no
/// choice of event times can open many files. Only the writer appends; only the forwarder seals and removes.
/// </summary>
internal sealed class Spool : IDisposable
{
    private const string SegmentExtension = ".rows";
    private const string Partial = ".partial";

    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly ServingMeter _meter;
    private FileStream? _active;
    private long _openedAt;
    private volatile string? _activePath;

    public Spool(string folder, TimeProvider time, ServingMeter meter)
    {
        _folder = folder;
        _time = time;
        _meter = meter;
        Directory.CreateDirectory(folder);
        foreach (var torn in Directory.GetFiles(folder, "*" + Partial))
            File.Delete(torn);
        meter.ChangeSpool(new DirectoryInfo(folder).EnumerateFiles().Where(f => IsOurs(f.Name)).Sum(f => f.Length));
    }

    /// <summary>Rows in the open segment.</summary>
    public int Rows { get; private set; }

    /// <summary>Size of the open segment, bytes.</summary>
    public long Size => _active?.Length ?? 0;

    /// <summary>How long ago the open segment got its first rows; zero where none is open.</summary>
    public TimeSpan Age => _active is null ? TimeSpan.Zero : _time.GetElapsedTime(_openedAt);

    /// <summary>Hands bytes to the operating system: from here on they survive the end of this process, however it ends.</summary>
    /// <exception cref="IOException">They could not be written; the segment is closed, and what it held before is whole.</exception>
    public void Append(ReadOnlySpan<byte> frames, int rows)
    {
        try
        {
            if (_active is null)
                Open();
            _active!.Write(frames);
            Rows += rows;
            _meter.ChangeSpool(frames.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Close();
            throw new IOException($"The prediction log in {_folder} cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Closes the open segment, for the forwarder to take.</summary>
    public void Close()
    {
        _active?.Dispose();
        (_active, _activePath, Rows) = (null, null, 0);
    }

    /// <summary>Closed segments, oldest first.</summary>
    public IReadOnlyList<string> ClosedSegments()
    {
        // Read before the folder is: a segment that is closed in between waits for the next round.
        var active = _activePath;
        return [.. Directory.GetFiles(_folder, "*" + SegmentExtension).Where(path => path != active && path != _activePath).Order(StringComparer.Ordinal)];
    }

    /// <summary>Sealed files, oldest first.</summary>
    public IReadOnlyList<string> SealedFiles() =>
        [.. Directory.GetFiles(_folder, "*" + SealedFile.Extension).Where(path => SealedFile.Parse(path) is not null).Order(StringComparer.Ordinal)];

    /// <summary>Puts a sealed file on the disk, whole or not at all.</summary>
    public async Task KeepAsync(SealedFile file, ReadOnlyMemory<byte> parquet, CancellationToken cancellation)
    {
        var path = Path.Combine(_folder, file.FileName);
        var before = new FileInfo(path) is { Exists: true } old ? old.Length : 0;
        await DurableFile.WriteAsync(path, parquet, cancellation);
        _meter.ChangeSpool(parquet.Length - before);
    }

    /// <summary>Removes a file that is not needed any more.</summary>
    public void Remove(string path)
    {
        var size = new FileInfo(path).Length;
        File.Delete(path);
        _meter.ChangeSpool(-size);
    }

    public void Dispose() => Close();

    private void Open()
    {
        var path = Path.Combine(_folder, Guid.CreateVersion7(_time.GetUtcNow()).ToString("N") + SegmentExtension);
        // Named before it is there: the forwarder must never see it as a closed one.
        _activePath = path;
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        _active = new FileStream(path, options);
        _openedAt = _time.GetTimestamp();
    }

    private static bool IsOurs(string name) => name.EndsWith(SegmentExtension, StringComparison.Ordinal) || SealedFile.Parse(name) is not null;
}
