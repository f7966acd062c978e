using System.Text;
using Baton.Contracts;
using Baton.Testing;
using Baton.Verification.Agent;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Baton.UnitTests.Verification.Agent;

public sealed class BlobCacheTests : IDisposable
{
    private readonly TempDirectory _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly Dictionary<string, byte[]> _server = [];
    private readonly List<string> _downloads = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_is_downloaded_once()
    {
        var cache = Cache(limit: 1000);
        var digest = Put("model");

        await cache.CopyAsync(digest, _folder.File("a", "model.onnx"), default);
        await cache.CopyAsync(digest, _folder.File("b", "model.onnx"), default);

        Assert.Equal("model", await File.ReadAllTextAsync(_folder.File("b", "model.onnx")));
        Assert.Equal([digest], _downloads);
    }

    [Fact]
    public async Task A_file_that_rotted_is_downloaded_again()
    {
        var cache = Cache(limit: 1000);
        var digest = Put("model");
        await cache.CopyAsync(digest, _folder.File("a"), default);
        await File.WriteAllTextAsync(_folder.File("cache", Digests.Hex(digest)), "m0del");

        await cache.CopyAsync(digest, _folder.File("b"), default);

        Assert.Equal("model", await File.ReadAllTextAsync(_folder.File("b")));
        Assert.Equal(2, _downloads.Count);
    }

    [Fact]
    public async Task The_longest_unused_goes_when_there_is_no_room()
    {
        var cache = Cache(limit: 25);
        string[] digests = [Put(new string('a', 10)), Put(new string('b', 10)), Put(new string('c', 10))];
        foreach (var digest in new[] { digests[0], digests[1], digests[0], digests[2] })
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            await cache.CopyAsync(digest, _folder.File("x"), default);
        }

        Assert.Equal(new[] { digests[0], digests[2] }.Select(Digests.Hex).Order(), Directory.GetFiles(_folder.File("cache")).Select(f => Path.GetFileName(f)!).Order());
    }

    [Fact]
    public async Task What_is_no_digest_is_no_path() =>
        await Assert.ThrowsAsync<InvalidDataException>(() => Cache(limit: 1).CopyAsync("sha256:../../etc/passwd", _folder.File("x"), default));

    private string Put(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        _server[Digests.Sha256(bytes)] = bytes;
        return Digests.Sha256(bytes);
    }

    private BlobCache Cache(long limit) => new(_folder.File("cache"), limit, _time, (digest, file, _) =>
    {
        _downloads.Add(digest);
        return File.WriteAllBytesAsync(file, _server[digest]);
    });
}
