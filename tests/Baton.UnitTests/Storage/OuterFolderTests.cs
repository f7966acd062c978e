using Baton.Storage;
using Baton.Testing;
using Xunit;

namespace Baton.UnitTests.Storage;

public sealed class OuterFolderTests : IDisposable
{
    private readonly TempDirectory _folder = new();
    private readonly OuterFolder _outer;

    public OuterFolderTests()
    {
        Directory.CreateDirectory(_folder.File("root", "1", "r"));
        Directory.CreateDirectory(_folder.File("secret"));
        File.WriteAllText(_folder.File("secret", "key"), "secret");
        File.WriteAllText(_folder.File("root", "1", "r", "a.txt"), "hello");
        _outer = new OuterFolder(_folder.File("root"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_are_found_listed_and_removed()
    {
        Assert.Equal(("1/r/a.txt", 5L), (_outer.Find("1/r/a.txt")!.Path, _outer.Find("1/r/a.txt")!.Size));
        Assert.Null(_outer.Find("1/r"));
        Assert.Equal(["1/r/a.txt"], _outer.List("1").Select(f => f.Path));
        Assert.Empty(_outer.List("1/r/a.txt"));
        Assert.Empty(_outer.List("none"));

        _outer.Remove("1/r");
        Assert.Empty(_outer.List(""));
    }

    [Theory]
    [InlineData("../secret/key")]
    [InlineData("1/../../secret/key")]
    [InlineData("1/./r/a.txt")]
    public void Dots_lead_nowhere(string path)
    {
        Assert.Null(_outer.Find(path));
        Assert.Null(_outer.Open(path));
        Assert.Empty(_outer.List(path));
    }

    [Fact]
    public void Links_are_not_followed_whether_to_a_file_or_through_a_folder()
    {
        File.CreateSymbolicLink(_folder.File("root", "1", "link"), _folder.File("secret", "key"));
        Directory.CreateSymbolicLink(_folder.File("root", "out"), _folder.File("secret"));

        Assert.Null(_outer.Find("1/link"));
        Assert.Null(_outer.Open("out/key"));
        Assert.Equal(["1/r/a.txt"], _outer.List("").Select(f => f.Path));
        Assert.Empty(_outer.List("out"));
        _outer.Remove("out");
        Assert.True(File.Exists(_folder.File("secret", "key")));
    }
}
