using Baton.Testing;
using Xunit;

namespace Baton.UnitTests.Testing;

public sealed class ApprovedTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    private string Test => _folder.File("SomeTests.cs");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_approved_text_passes_whatever_its_line_ends()
    {
        Approve("one\r\ntwo\r\n");

        Approved.Match("one\ntwo", "surface", Test);

        Assert.False(File.Exists(_folder.File("approvals", "surface.received.txt")));
    }

    [Fact]
    public void Another_text_fails_naming_the_line_and_is_kept_for_approval()
    {
        Approve("one\ntwo\n");

        var differs = Assert.Throws<ApprovalException>(() => Approved.Match("one\n2", "surface", Test));

        Assert.Contains("Line 2", differs.Message);
        Assert.Equal("one\n2\n", File.ReadAllText(_folder.File("approvals", "surface.received.txt")));
    }

    [Fact]
    public void What_was_never_approved_fails() => Assert.Throws<ApprovalException>(() => Approved.Match("", "surface", Test));

    private void Approve(string text)
    {
        Directory.CreateDirectory(_folder.File("approvals"));
        File.WriteAllText(_folder.File("approvals", "surface.approved.txt"), text);
    }
}
