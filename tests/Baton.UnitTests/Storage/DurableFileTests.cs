using Baton.Storage;
using Baton.Testing;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace Baton.UnitTests.Storage;

public sealed class DurableFileTests
{
    [Fact]
    public async Task A_file_is_written_and_replaced_whole_and_nothing_else_is_left()
    {
        using var folder = new TempDirectory();
        var path = folder.File("note.txt");

        await DurableFile.WriteAsync(path, "first, longer"u8.ToArray());
        await DurableFile.WriteAsync(path, "second"u8.ToArray());

        Assert.Equal("second", await File.ReadAllTextAsync(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public async Task A_write_that_cannot_be_finished_leaves_the_old_state()
    {
        using var folder = new TempDirectory();
        var occupied = Directory.CreateDirectory(folder.File("occupied")).FullName;

        await Assert.ThrowsAnyAsync<Exception>(() => DurableFile.WriteAsync(occupied, "text"u8.ToArray()));
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => DurableFile.WriteAsync(folder.File("late"), "text"u8.ToArray(), cancelled.Token));

        Assert.Equal([occupied], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_failing_fsync_is_an_error_with_its_reason()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux goes through libc.");
        // The kernel cannot sync a pipe and says so (EINVAL): the plainest disk that fails.
        using var pipe = new System.IO.Pipes.AnonymousPipeServerStream();
        using var handle = new SafeFileHandle(pipe.SafePipeHandle.DangerousGetHandle(), ownsHandle: false);

        var failure = Assert.Throws<IOException>(() => DurableFile.Fsync(handle));

        Assert.Contains("fsync", failure.Message);
        Assert.Contains("errno 22", failure.Message);
    }

    [Fact]
    public void A_folder_can_be_synced_and_a_missing_one_is_named()
    {
        using var folder = new TempDirectory();
        DurableFile.FsyncDirectory(folder.Path);

        if (OperatingSystem.IsLinux())
            Assert.Contains(folder.File("missing"), Assert.Throws<IOException>(() => DurableFile.FsyncDirectory(folder.File("missing"))).Message);
    }
}
