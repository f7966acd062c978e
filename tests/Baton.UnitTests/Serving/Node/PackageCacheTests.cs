using System.Text;
using Baton.Contracts;
using Baton.Serving.Node;
using Baton.Testing;
using Xunit;

namespace Baton.UnitTests.Serving.Node;

public sealed class PackageCacheTests : IDisposable
{
    private readonly TempDirectory _folder = new();
    private readonly Dictionary<string, byte[]> _blobs = [];
    private readonly List<string> _downloads = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_package_is_downloaded_once()
    {
        var (cache, package) = (Cache(), Package(("model.onnx", "m"), ("code/a.py", "print")));

        var folder = await cache.GetAsync(package.Digest, package, default);
        Assert.Equal(folder, await Cache().GetAsync(package.Digest, package, default));

        Assert.Equal("print", File.ReadAllText(Path.Combine(folder, "code", "a.py")));
        Assert.Equal(2, _downloads.Count);
        Assert.True(cache.Has(package.Digest));
    }

    [Theory]
    [InlineData("changed")]
    [InlineData(null)]
    public async Task A_file_that_is_not_what_it_was_is_downloaded_anew(string? now)
    {
        var (cache, package) = (Cache(), Package(("model.onnx", "m")));
        var model = Path.Combine(await cache.GetAsync(package.Digest, package, default), "model.onnx");
        File.Delete(model);
        if (now is not null)
            File.WriteAllText(model, now);

        await cache.GetAsync(package.Digest, package, default);

        Assert.Equal("m", File.ReadAllText(model));
    }

    [Fact]
    public async Task A_download_that_breaks_leaves_nothing()
    {
        var (cache, package) = (Cache(), Package(("model.onnx", "m"), ("other", "o")));
        _blobs.Remove(package.Files[1].Sha256);

        await Assert.ThrowsAsync<KeyNotFoundException>(() => cache.GetAsync(package.Digest, package, default));

        Assert.False(cache.Has(package.Digest));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/tmp/baton-outside")]
    [InlineData("a/../../b")]
    public async Task A_package_cannot_write_outside_itself(string path)
    {
        var package = Package((path, "x"));

        var refused = await Assert.ThrowsAsync<InvalidDataException>(() => Cache().GetAsync(package.Digest, package, default));

        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
        Assert.Empty(_downloads);
    }

    [Fact]
    public async Task Files_that_do_not_give_the_announced_digest_are_refused()
    {
        var other = Package(("model.onnx", "other")).Digest;

        await Assert.ThrowsAsync<InvalidDataException>(() => Cache().GetAsync(other, Package(("model.onnx", "m")), default));
    }

    [Fact]
    public async Task The_longest_unused_go_first_and_what_is_in_use_never()
    {
        var cache = Cache(limit: 250);
        var packages = Enumerable.Range(0, 4).Select(i => Package(("model.onnx", new string((char)('a' + i), 100)))).ToList();
        for (var i = 0; i < packages.Count; i++)
        {
            var folder = await cache.GetAsync(packages[i].Digest, packages[i], default);
            Directory.SetLastWriteTimeUtc(folder, DateTime.UnixEpoch.AddDays(i));
        }

        cache.Trim(new HashSet<string> { packages[0].Digest });

        Assert.Equal([true, false, false, true], packages.Select(p => cache.Has(p.Digest)));
        cache.Trim(packages.Select(p => p.Digest).ToHashSet());
        Assert.True(cache.Has(packages[3].Digest));
    }

    private PackageCache Cache(long limit = 1 << 20) => new(_folder.Path, limit, TimeProvider.System, (digest, file, cancellation) =>
    {
        _downloads.Add(digest);
        return File.WriteAllBytesAsync(file, _blobs[digest], cancellation);
    });

    private Manifest Package(params (string Path, string Text)[] files) => Manifest.Of(files.Select(file =>
    {
        var bytes = Encoding.UTF8.GetBytes(file.Text);
        _blobs[Digests.Sha256(bytes)] = bytes;
        return new ManifestFile(file.Path, Digests.Sha256(bytes), bytes.Length);
    }));
}
