using System.Globalization;
using Baton.Client;

namespace Baton.Importing;

/// <summary>Brings files below the artifact roots of runs and models: those that are not there yet, a few at a time.</summary>
internal sealed class FileBatch(Courier courier, ImportReport report, Action<string> tell)
{
    private const int AtOnce = 4;
    private const int Most = 2000;

    private readonly List<(string Root, string Path, FileInfo File)> _files = [];

    /// <summary>Whether something new was brought since this was last asked, by root.</summary>
    public HashSet<string> Changed { get; } = new(StringComparer.Ordinal);

    /// <summary>Adds every file below a folder, or the one file there.</summary>
    public async Task AddAsync(string root, string folder, CancellationToken stop)
    {
        var found = Directory.Exists(folder) ? SourceFolder.FilesBelow(folder) : [(Path.GetFileName(folder), new FileInfo(folder))];
        foreach (var (path, file) in found)
        {
            report.Found(Kinds.Files);
            if (file.LinkTarget is not null)
            {
                report.Skip(Kinds.Files, file.FullName, "it is a symbolic link, which is not followed");
                continue;
            }

            _files.Add((root, path, file));
            if (_files.Count >= Most)
                await SendAsync(stop);
        }
    }

    public async Task SendAsync(CancellationToken stop)
    {
        var files = _files.ToList();
        _files.Clear();
        var known = await courier.KnownAsync("file", [.. files.Select(IdOf)], stop);
        var fresh = files.Where(f => !(known.TryGetValue(IdOf(f), out var mark) && mark.Digest == StampOf(f.File))).ToList();
        report.Unchanged(Kinds.Files, files.Count - fresh.Count);
        if (courier.Client is null)
        {
            report.Carried(Kinds.Files, fresh.Count);
            return;
        }

        foreach (var part in fresh.Chunk(AtOnce * 16))
        {
            var marks = new System.Collections.Concurrent.ConcurrentBag<ImportMark>();
            await Parallel.ForEachAsync(part, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop }, async (file, cancel) =>
            {
                if (await PutAsync(courier.Client, file, cancel) is { } mark)
                    marks.Add(mark);
            });
            await courier.Client.MarkImportedFilesAsync(courier.Source, [.. marks], stop);
            foreach (var mark in marks)
                courier.Learn("file", mark);
            Changed.UnionWith(part.Select(f => f.Root));
            report.Carried(Kinds.Files, marks.Count);
        }
    }

    private async Task<ImportMark?> PutAsync(BatonClient client, (string Root, string Path, FileInfo File) file, CancellationToken stop)
    {
        var mark = new ImportMark(IdOf(file), StampOf(file.File));
        try
        {
            await using var bytes = new FirstBytes(
                new FileStream(file.File.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 17, FileOptions.Asynchronous), file.File.Length);
            tell($"{file.Path} ({file.File.Length:N0} bytes)");
            await client.PutArtifactAsync(file.Root, file.Path, bytes, stop);
            return mark;
        }
        catch (BatonApiException refused) when (Courier.IsRefusal(refused))
        {
            report.Skip(Kinds.Files, file.File.FullName, refused.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            report.Skip(Kinds.Files, file.File.FullName, e.Message);
        }

        return null;
    }

    private static string IdOf((string Root, string Path, FileInfo File) file) => $"{file.Root}/{file.Path}";

    private static string StampOf(FileInfo file) => string.Create(CultureInfo.InvariantCulture, $"{file.Length} {file.LastWriteTimeUtc.Ticks}");

    /// <summary>A file as long as it was when it was looked at: one that grows is sent again, not half announced.</summary>
    private sealed class FirstBytes(FileStream file, long length) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position
        {
            get => file.Position;
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var most = (int)Math.Min(buffer.Length, length - file.Position);
            return most <= 0 ? 0 : await file.ReadAsync(buffer[..most], cancellationToken);
        }

        public override int Read(byte[] buffer, int offset, int count) => file.Read(buffer, offset, (int)Math.Min(count, Math.Max(0, length - file.Position)));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override async ValueTask DisposeAsync()
        {
            await file.DisposeAsync();
            await base.DisposeAsync();
        }
    }
}
