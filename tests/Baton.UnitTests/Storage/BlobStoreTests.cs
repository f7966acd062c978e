using System.Security.Cryptography;
using Baton.Storage;
using Baton.Testing;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Baton.UnitTests.Storage;

public sealed class BlobStoreTests : IDisposable
{
    private const int Chunk = 1024 * 1024;
    private readonly TempDirectory _folder = new();
    private readonly BlobStore _store;

    public BlobStoreTests() => _store = new BlobStore(_folder.File("blobs"));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Chunk - 1)]
    [InlineData(Chunk)]
    [InlineData(Chunk + 1)]
    [InlineData((2 * Chunk) + 12_345)]
    public async Task What_is_put_comes_back_under_its_digest(int size)
    {
        var content = Content(size);

        var blob = await PutAsync(content);

        Assert.Equal(new Blob(Digest.Of(content), size), blob);
        Assert.True(_store.Contains(blob.Digest));
        Assert.Equal(content, await ReadAsync(blob.Digest));
        Assert.Equal([blob], await _store.ListAsync().ToListAsync());
    }

    [Fact]
    public async Task A_stream_that_comes_in_drops_is_the_same_blob()
    {
        var content = Content(Chunk + 5000);

        Assert.Equal(Digest.Of(content), (await _store.PutAsync(new Dripping(content, 997))).Digest);
        Assert.Equal(content, await ReadAsync(Digest.Of(content)));
    }

    [Fact]
    public async Task Any_range_is_the_same_as_of_the_bytes_in_memory()
    {
        var content = Content((2 * Chunk) + 100_000);
        var blob = await PutAsync(content);
        await using var reader = await _store.OpenAsync(blob.Digest);
        await Gen.Select(Gen.Int[0, content.Length], Gen.OneOf(Gen.Int[0, 300], Gen.Int[0, content.Length])).SampleAsync(
            async (offset, wanted) =>
            {
                var length = Math.Min(wanted, content.Length - offset);
                using var copy = new MemoryStream();
                await reader!.CopyToAsync(copy, offset, length);
                Assert.True(content.AsSpan(offset, length).SequenceEqual(copy.ToArray()), $"The range {offset}+{length} differs.");
            },
            iter: 40, threads: 1);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, -1)]
    [InlineData(0, 11)]
    [InlineData(11, 0)]
    [InlineData(5, 6)]
    [InlineData(1, long.MaxValue)]
    public async Task A_range_outside_the_blob_is_refused(long offset, long length)
    {
        var blob = await PutAsync(Content(10));
        await using var reader = await _store.OpenAsync(blob.Digest);

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => reader!.CopyToAsync(Stream.Null, offset, length));
    }

    [Fact]
    public async Task An_absent_blob_is_null_and_its_removal_no_error()
    {
        var digest = Digest.Of("never put"u8);

        Assert.Null(await _store.OpenAsync(digest));
        Assert.False(_store.Contains(digest));
        await _store.DeleteAsync(digest);
    }

    [Fact]
    public async Task A_removed_blob_is_gone_with_its_chunk_hashes_and_can_be_put_again()
    {
        var blob = await PutAsync(Content(100));

        await _store.DeleteAsync(blob.Digest);
        Assert.Null(await _store.OpenAsync(blob.Digest));
        Assert.Empty(Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories));

        await PutAsync(Content(100));
        Assert.Equal(Content(100), await ReadAsync(blob.Digest));
    }

    [Fact]
    public async Task The_same_content_put_many_times_at_once_is_one_blob()
    {
        var content = Content(Chunk + 10);

        var blobs = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => PutAsync(content))));

        Assert.Equal([new Blob(Digest.Of(content), content.Length)], blobs.Distinct());
        Assert.Equal(blobs[0], Assert.Single(await _store.ListAsync().ToListAsync()));
        Assert.Equal(content, await ReadAsync(blobs[0].Digest));
        Assert.Empty(Directory.GetFiles(_folder.File("blobs", "temp")));
    }

    [Fact]
    public async Task Content_that_is_there_already_is_not_written_again()
    {
        var blob = await PutAsync(Content(1000));
        var before = File.GetLastWriteTimeUtc(PathOf(blob.Digest));
        File.SetLastWriteTimeUtc(PathOf(blob.Digest), before.AddDays(-3));

        await PutAsync(Content(1000));

        Assert.Equal(before.AddDays(-3), File.GetLastWriteTimeUtc(PathOf(blob.Digest)));
    }

    [Fact]
    public async Task Content_known_to_be_there_is_not_read_again_and_read_once_by_another_process()
    {
        var blob = await PutAsync(Content(Chunk + 1000));
        var modified = File.GetLastWriteTimeUtc(PathOf(blob.Digest));
        Flip(PathOf(blob.Digest), 700);
        File.SetLastWriteTimeUtc(PathOf(blob.Digest), modified); // a disk that rots does not tell: nobody looks

        await PutAsync(Content(Chunk + 1000));
        await using (var reader = await _store.OpenAsync(blob.Digest))
            await Assert.ThrowsAsync<BlobCorruptException>(() => reader!.CopyToAsync(Stream.Null, 0, 10));

        await new BlobStore(_folder.File("blobs")).PutAsync(new MemoryStream(Content(Chunk + 1000)));
        Assert.Equal(Content(Chunk + 1000), await ReadAsync(blob.Digest));
    }

    [Fact]
    public async Task A_list_of_the_first_kind_is_still_read_and_its_damage_found()
    {
        const int FirstChunk = 4 * 1024 * 1024;
        var content = Content(FirstChunk + 77);
        var blob = await PutAsync(content);
        await File.WriteAllBytesAsync(PathOf(blob.Digest) + ".chunks", FirstList(content, FirstChunk));

        Assert.Equal(content, await ReadAsync(blob.Digest));
        Flip(PathOf(blob.Digest), FirstChunk + 3);
        await using var reader = await _store.OpenAsync(blob.Digest);
        var corrupt = await Assert.ThrowsAsync<BlobCorruptException>(() => reader!.CopyToAsync(Stream.Null, 0, reader.Size));
        Assert.Equal(1, corrupt.Chunk);
        await PutAsync(content);
        Assert.Equal(content, await ReadAsync(blob.Digest));
    }

    [Fact]
    public async Task Only_what_nobody_has_put_since_a_moment_is_collected()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var store = new BlobStore(_folder.File("blobs"), time);
        var blob = await store.PutAsync(new MemoryStream(Content(10)));
        time.Advance(TimeSpan.FromHours(2));
        var since = time.GetUtcNow().AddHours(-1);

        await store.PutAsync(new MemoryStream(Content(10)));
        Assert.False(await store.DeleteUntouchedAsync(blob.Digest, since));
        Assert.Equal(Content(10), await ReadAsync(blob.Digest));

        Assert.True(await store.DeleteUntouchedAsync(blob.Digest, since.AddHours(3)));
        Assert.False(store.Contains(blob.Digest));
        Assert.False(await store.DeleteUntouchedAsync(blob.Digest, since.AddHours(3)));
    }

    [Fact]
    public async Task A_blob_put_while_it_is_collected_is_there_afterwards()
    {
        // The collector believes that all is old; every put that has ended must be readable until the collector has come again.
        var content = Content(300);
        var digest = Digest.Of(content);
        for (var round = 0; round < 200; round++)
        {
            var since = DateTimeOffset.UtcNow;
            await Task.Delay(1);
            var put = Task.Run(() => PutAsync(content));
            var collect = Task.Run(() => _store.DeleteUntouchedAsync(digest, since));
            await Task.WhenAll(put, collect);
            Assert.Equal(content, await ReadAsync(digest));
        }
    }

    [Fact]
    public async Task Memory_does_not_grow_with_the_content()
    {
        await Transfer(4 * Chunk);
        // Other tests allocate in the same process meanwhile: the least of a few tries is this one's own.
        var (small, large) = (await Transfer(8 * Chunk), long.MaxValue);
        for (var i = 0; i < 5 && large >= small + (2 * Chunk); i++)
            large = Math.Min(large, await Transfer(128 * Chunk));

        Assert.True(large < small + (8 * Chunk), $"8 MiB took {small} bytes, 128 MiB {large}.");

        async Task<long> Transfer(long size)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            var blob = await _store.PutAsync(new Zeros(size));
            await using var reader = await _store.OpenAsync(blob.Digest);
            await reader!.CopyToAsync(Stream.Null, 0, size);
            return GC.GetTotalAllocatedBytes(precise: true) - before;
        }
    }

    [Fact]
    public async Task Content_other_than_announced_is_refused_and_nothing_of_it_is_kept()
    {
        var content = Content(1000);
        var other = Digest.Of("other"u8);

        Assert.Equal(other, (await RefusedAsync<DigestMismatchException>(new BlobLimits { ExpectedDigest = other })).Expected);
        Assert.Equal(999, (await RefusedAsync<BlobTooLargeException>(new BlobLimits { MaxBytes = 999 })).MaxBytes);
        Assert.Equal((1001, 1000), await LengthsAsync(1001));
        Assert.Equal((999, 1000), await LengthsAsync(999));
        await PutAsync(content, new BlobLimits { ExpectedDigest = Digest.Of(content), ExpectedLength = 1000, MaxBytes = 1000 });

        async Task<(long, long)> LengthsAsync(long announced)
        {
            var refused = await RefusedAsync<BlobLengthMismatchException>(new BlobLimits { ExpectedLength = announced });
            return (refused.Expected, refused.Actual);
        }

        async Task<T> RefusedAsync<T>(BlobLimits limits)
            where T : Exception
        {
            var refused = await Assert.ThrowsAsync<T>(() => PutAsync(content, limits));
            Assert.Empty(Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories));
            return refused;
        }
    }

    [Fact]
    public async Task An_endless_body_is_cut_off_at_the_limit()
    {
        var endless = new Endless();

        await Assert.ThrowsAsync<BlobTooLargeException>(() => _store.PutAsync(endless, new BlobLimits { MaxBytes = 1_000_000 }));

        Assert.InRange(endless.Given, 1_000_000, 2_000_000);
    }

    [Fact]
    public async Task A_body_that_breaks_off_leaves_nothing()
    {
        await Assert.ThrowsAsync<IOException>(() => _store.PutAsync(new Breaking(Content(Chunk + 100))));

        Assert.Empty(Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_changed_byte_in_the_second_chunk_is_found_before_a_byte_of_that_chunk_is_served()
    {
        var content = Content((3 * Chunk) - 7);
        var blob = await PutAsync(content);
        Flip(PathOf(blob.Digest), Chunk + 500_000);
        await using var reader = await _store.OpenAsync(blob.Digest);
        using var served = new MemoryStream();

        var corrupt = await Assert.ThrowsAsync<BlobCorruptException>(() => reader!.CopyToAsync(served, 0, reader.Size));

        Assert.Equal((blob.Digest, 1), (corrupt.Digest, corrupt.Chunk));
        Assert.Contains(blob.Digest.ToString(), corrupt.Message);
        Assert.True(content.AsSpan(0, Chunk).SequenceEqual(served.ToArray()));
        using var third = new MemoryStream();
        await reader!.CopyToAsync(third, 2 * Chunk, 1000);
        Assert.Equal(content[(2 * Chunk)..((2 * Chunk) + 1000)], third.ToArray());
        await Assert.ThrowsAsync<BlobCorruptException>(() => reader.CopyToAsync(Stream.Null, Chunk, 1));
    }

    [Theory]
    [InlineData("flip chunk list")]
    [InlineData("drop chunk list")]
    [InlineData("swap chunk list")]
    [InlineData("truncate")]
    [InlineData("lengthen")]
    public async Task Whatever_else_was_done_to_a_blob_is_found_at_opening_and_putting_it_again_repairs_it(string damage)
    {
        var content = Content(Chunk + 500);
        var blob = await PutAsync(content);
        var other = await PutAsync([.. content[..^1], (byte)(content[^1] ^ 1)]);
        var path = PathOf(blob.Digest);
        if (damage == "flip chunk list")
            Flip(path + ".chunks", 60);
        else if (damage == "drop chunk list")
            File.Delete(path + ".chunks");
        else if (damage == "swap chunk list")
            File.Copy(PathOf(other.Digest) + ".chunks", path + ".chunks", overwrite: true);
        else
            await File.WriteAllBytesAsync(path, damage == "truncate" ? content[..^1] : [.. content, 0]);

        var corrupt = await Assert.ThrowsAsync<BlobCorruptException>(() => _store.OpenAsync(blob.Digest));
        await PutAsync(content);

        Assert.Equal((blob.Digest, (int?)null), (corrupt.Digest, corrupt.Chunk));
        Assert.Equal(content, await ReadAsync(blob.Digest));
    }

    [Fact]
    public async Task A_crash_at_any_step_of_a_put_leaves_no_blob_and_a_new_put_succeeds()
    {
        // What each step leaves: a part in temp, a whole file in temp, chunk hashes half written, chunk hashes without their blob.
        var content = Content(2000);
        var path = PathOf(Digest.Of(content));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(_folder.File("blobs", "temp", "aaaa"), content[..500]);
        await File.WriteAllBytesAsync(_folder.File("blobs", "temp", "bbbb"), content);
        await File.WriteAllBytesAsync(path + ".chunks.0011223344556677.partial", [1, 2, 3]);
        await File.WriteAllBytesAsync(path + ".chunks", [1, 2, 3]);

        Assert.False(_store.Contains(Digest.Of(content)));
        Assert.Null(await _store.OpenAsync(Digest.Of(content)));
        Assert.Empty(await _store.ListAsync().ToListAsync());
        await PutAsync(content);

        Assert.Equal(content, await ReadAsync(Digest.Of(content)));
    }

    [Fact]
    public async Task Opening_removes_uploads_abandoned_more_than_a_day_ago_and_no_others()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var abandoned = _folder.File("blobs", "temp", "abandoned");
        var running = _folder.File("blobs", "temp", "running");
        await File.WriteAllTextAsync(abandoned, "x");
        await File.WriteAllTextAsync(running, "x");
        File.SetLastWriteTimeUtc(abandoned, time.GetUtcNow().UtcDateTime.AddHours(-25));
        File.SetLastWriteTimeUtc(running, time.GetUtcNow().UtcDateTime.AddHours(-23));

        _ = new BlobStore(_folder.File("blobs"), time);

        Assert.Equal([running], Directory.GetFiles(_folder.File("blobs", "temp")));
    }

    [Fact]
    public async Task Every_blob_is_listed_once_in_order()
    {
        var blobs = new List<Blob>();
        for (var size = 0; size < 30; size++)
            blobs.Add(await PutAsync(Content(size)));

        Assert.Equal(blobs.OrderBy(blob => blob.Digest.Hex, StringComparer.Ordinal), await _store.ListAsync().ToListAsync());
    }

    [Fact]
    public void Only_the_owner_may_look_into_a_store()
    {
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder.File("blobs")));
    }

    private static byte[] Content(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        return bytes;
    }

    /// <summary>A list as it was written first: the SHA-256 of every 4 MiB.</summary>
    private static byte[] FirstList(byte[] content, int chunk)
    {
        byte[] list = [.. "BATONCH1"u8, .. SHA256.HashData(content), .. BitConverter.GetBytes((long)content.Length), .. content.Chunk(chunk).SelectMany(SHA256.HashData)];
        return [.. list, .. SHA256.HashData(list)];
    }

    private static void Flip(string path, int at)
    {
        using var file = File.Open(path, FileMode.Open);
        file.Position = at;
        var value = file.ReadByte();
        file.Position = at;
        file.WriteByte((byte)(value ^ 1));
    }

    private string PathOf(Digest digest) => _folder.File("blobs", digest.Hex[..2], digest.Hex[2..4], digest.Hex);

    private Task<Blob> PutAsync(byte[] content, BlobLimits? limits = null) => _store.PutAsync(new MemoryStream(content), limits);

    private async Task<byte[]> ReadAsync(Digest digest)
    {
        await using var reader = await _store.OpenAsync(digest);
        using var copy = new MemoryStream();
        await reader!.CopyToAsync(copy, 0, reader.Size);
        return copy.ToArray();
    }

    /// <summary>Gives a few bytes a read, as a network does.</summary>
    private sealed class Dripping(byte[] content, int drop) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(drop, buffer.Length)], cancellationToken);
    }

    /// <summary>Breaks at its end, as a lost connection does.</summary>
    private sealed class Breaking(byte[] content) : MemoryStream(content)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var read ? read : throw new IOException("The connection was lost.");
    }

    /// <summary>Many zero bytes.</summary>
    private sealed class Zeros(long size) : MemoryStream
    {
        private long _left = size;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = (int)Math.Min(buffer.Length, _left);
            buffer.Span[..read].Clear();
            _left -= read;
            return ValueTask.FromResult(read);
        }
    }

    private sealed class Endless : MemoryStream
    {
        public long Given { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Given += buffer.Length;
            return ValueTask.FromResult(buffer.Length);
        }
    }
}
