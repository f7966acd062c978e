using System.IO.Compression;

namespace Baton.Verification.Pickles;

/// <summary>A pickle of a package.</summary>
/// <param name="Path">Its file, with the member where it lies in an archive: <c>weights.pt: archive/data.pkl</c>.</param>
/// <param name="Found">What it would import.</param>
internal sealed record FoundPickle(string Path, PickleNames Found)
{
    /// <summary>What of it is not known to be harmless, in words; null where all of it is.</summary>
    public string? Harm => Found.Names.Where(n => !HarmlessNames.Has(n)).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } names
        ? $"imports {Clauses.Phrases.Some(names)}"
        : Found.Fault is { } fault ? $"cannot be followed to its end: {fault}" : null;
}

/// <summary>Finds the pickles of a package: by their names, by how they begin, and inside zip and gzip files.</summary>
internal static class PickleFiles
{
    private const long LargestMember = 1L << 30;
    private static readonly string[] Endings = [".pkl", ".pickle", ".joblib", ".pk", ".p"];

    /// <summary>The pickles of these files.</summary>
    /// <param name="root">Folder of the package.</param>
    /// <param name="files">Its files, relative to the folder.</param>
    public static IEnumerable<FoundPickle> Find(string root, IEnumerable<string> files) => files.SelectMany(path => InFile(Path.Combine(root, path), path));

    private static List<FoundPickle> InFile(string file, string name)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
        var head = new byte[8];
        var length = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        return head.AsSpan(0, length) switch
        {
            [(byte)'P', (byte)'K', 3, 4, ..] => InZip(stream, name),
            [0x1f, 0x8b, ..] when IsNamed(Path.GetFileNameWithoutExtension(name)) || IsNamed(name) => [Scan(name, new GZipStream(stream, CompressionMode.Decompress))],
            [0x78, 0x01 or 0x5e or 0x9c or 0xda, ..] when IsNamed(name) => [Scan(name, new ZLibStream(stream, CompressionMode.Decompress))],
            [0x80, >= 2 and <= 5, ..] => [Scan(name, stream)],
            _ => IsNamed(name) ? [Scan(name, stream)] : [],
        };
    }

    private static List<FoundPickle> InZip(Stream stream, string name)
    {
        try
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Read);
            var found = new List<FoundPickle>();
            foreach (var entry in zip.Entries)
            {
                using var member = entry.Open();
                var head = new byte[2];
                var length = member.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
                if (!IsNamed(entry.FullName) && !(length == 2 && head[0] == 0x80 && head[1] is >= 2 and <= 5))
                    continue;
                using var again = entry.Open();
                found.Add(Scan($"{name}: {entry.FullName}", again));
            }

            return found;
        }
        catch (InvalidDataException e)
        {
            return [new FoundPickle(name, new PickleNames([], $"the archive is damaged ({e.Message.TrimEnd('.')})"))];
        }
    }

    private static FoundPickle Scan(string name, Stream stream)
    {
        try
        {
            return new FoundPickle(name, PickleScan.Read(new UpTo(stream, LargestMember)));
        }
        catch (InvalidDataException e)
        {
            return new FoundPickle(name, new PickleNames([], e.Message));
        }
    }

    private static bool IsNamed(string path) => Endings.Any(e => path.EndsWith(e, StringComparison.OrdinalIgnoreCase));

    /// <summary>A stream that refuses to go on for ever, as an archive may that was made to.</summary>
    private sealed class UpTo(Stream inner, long most) : Stream
    {
        private long _read;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => _read;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = inner.Read(buffer, offset, count);
            _read += read;
            return _read <= most ? read : throw new InvalidDataException("it is too large to be followed");
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
