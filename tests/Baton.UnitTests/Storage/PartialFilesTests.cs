using Baton.Storage;
using Baton.Testing;
using Xunit;

namespace Baton.UnitTests.Storage;

public sealed class PartialFilesTests : IDisposable
{
    private readonly TempDirectory _folder = new();
    private readonly BlobStore _store;
    private readonly PartialFiles _files;

    public PartialFilesTests()
    {
        _store = new BlobStore(_folder.File("blobs"));
        _files = new PartialFiles(_store);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_came_before_a_break_stays_and_the_rest_goes_on_from_there()
    {
        var content = Content(1_000_000);
        await Assert.ThrowsAsync<IOException>(() => _files.AppendAsync("u", 1, 0, new Breaking(content[..600_000]), content.Length));
        var there = new PartialFiles(new BlobStore(_folder.File("blobs"))).DurableLength("u", 1);
        Assert.InRange(there, 262_144, 600_000);

        Assert.Equal(content.Length, await _files.AppendAsync("u", 1, there, new MemoryStream(content[(int)there..]), content.Length));
        Digest? told = null;
        var blob = await _files.FinishAsync("u", 1, new BlobLimits { ExpectedLength = content.Length }, digest =>
        {
            told = digest;
            Assert.False(_store.Contains(digest));
            return Task.CompletedTask;
        });

        Assert.Equal((Digest.Of(content), Digest.Of(content)), (blob.Digest, told!.Value));
        await using var reader = await _store.OpenAsync(blob.Digest);
        using var copy = new MemoryStream();
        await reader!.CopyToAsync(copy, 0, reader.Size);
        Assert.Equal(content, copy.ToArray());
    }

    [Fact]
    public async Task What_another_request_has_appended_is_never_written_over()
    {
        await _files.AppendAsync("u", 1, 0, new MemoryStream(Content(100)), 1000);

        await Assert.ThrowsAsync<PartBusyException>(() => _files.AppendAsync("u", 1, 0, new MemoryStream(Content(50)), 1000));
        await Assert.ThrowsAsync<PartBusyException>(() => _files.AppendAsync("u", 1, 120, new MemoryStream(Content(50)), 1000));
        Assert.Equal(100, _files.DurableLength("u", 1));
    }

    [Fact]
    public async Task More_than_announced_is_cut_off()
    {
        await Assert.ThrowsAsync<BlobTooLargeException>(() => _files.AppendAsync("u", 1, 0, new MemoryStream(Content(1001)), 1000));

        Assert.InRange(_files.DurableLength("u", 1), 0, 1000);
    }

    [Fact]
    public async Task Parts_are_joined_in_order_and_a_part_written_again_has_another_tag()
    {
        var first = await _files.ReplaceAsync("u", 1, new MemoryStream(Content(300)), 1000);
        await _files.ReplaceAsync("u", 2, new MemoryStream([1, 2, 3]), 1000);
        var again = await _files.ReplaceAsync("u", 1, new MemoryStream(Content(200)), 1000);

        Assert.NotEqual(first, again);
        Assert.Equal(again, _files.TagOf("u", 1));
        Assert.Null(_files.TagOf("u", 3));
        var blob = await _files.JoinAsync("u", [1, 2], new BlobLimits());
        Assert.Equal(new Blob(Digest.Of([.. Content(200), 1, 2, 3]), 203), blob);
        _files.Remove("u");
        Assert.Empty(_files.List());
    }

    private static byte[] Content(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Breaks at its end, as a lost connection does.</summary>
    private sealed class Breaking(byte[] content) : MemoryStream(content)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var read ? read : throw new IOException("The connection was lost.");
    }
}
