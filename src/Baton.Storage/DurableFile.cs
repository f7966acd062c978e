using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Baton.Storage;

/// <summary>
/// Files that are on the disk when the call returns. On Linux it asks libc itself: .NET 10's <c>FileStream.Flush(true)</c> and
/// <c>RandomAccess.FlushToDisk</c> drop the error of a failed fsync, and no .NET call can sync a directory.
/// </summary>
public static partial class DurableFile
{
    private const int ReadOnlyCloseOnExec = 0x80000;

    /// <summary>
    /// Writes a file whole or not at all: a temporary file beside it, fsync, rename, fsync of the folder. An existing file is replaced.
    /// </summary>
    /// <exception cref="IOException">It could not be made durable; the old file, if any, is still there.</exception>
    public static async Task WriteAsync(string path, ReadOnlyMemory<byte> bytes, CancellationToken ct = default)
    {
        var full = Path.GetFullPath(path);
        var temporary = $"{full}.{RandomNumberGenerator.GetHexString(16, lowercase: true)}.partial";
        try
        {
            using (var handle = CreateNew(temporary))
            {
                await RandomAccess.WriteAsync(handle, bytes, 0, ct);
                Fsync(handle);
            }

            Rename(temporary, full);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Renames a file that is already synced, replacing what has the new name, and syncs the new name's folder.</summary>
    /// <exception cref="IOException">The rename failed or could not be made durable.</exception>
    public static void Rename(string from, string to)
    {
        File.Move(from, to, overwrite: true);
        FsyncDirectory(Path.GetDirectoryName(Path.GetFullPath(to))!);
    }

    /// <summary>Waits until a file's content is on the disk. A failure is final: the system may have dropped the pages, so it must not be tried again.</summary>
    /// <exception cref="IOException">The content may not be on the disk.</exception>
    public static void Fsync(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
            RandomAccess.FlushToDisk(file);
        else if (FsyncHandle(file) != 0)
            throw Failure("fsync of a file");
    }

    /// <summary>Waits until the names in a folder are on the disk. Does nothing outside Linux, where folders cannot be synced or need not be.</summary>
    /// <exception cref="IOException">A name made or removed in the folder may be lost at a power cut.</exception>
    public static void FsyncDirectory(string path)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var descriptor = Open(path, ReadOnlyCloseOnExec);
        if (descriptor < 0)
            throw Failure($"opening the folder {path} to sync it");
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (FsyncHandle(handle) != 0)
            throw Failure($"fsync of the folder {path}");
    }

    /// <summary>Creates a file that only its owner can read, for writing.</summary>
    internal static SafeFileHandle CreateNew(string path)
    {
        // File.OpenHandle cannot set permissions; a stream can, and its handle outlives no one.
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options).SafeFileHandle;
    }

    private static IOException Failure(string what)
    {
        var number = Marshal.GetLastPInvokeError();
        return new IOException($"{what} failed: {Marshal.GetPInvokeErrorMessage(number)} (errno {number}).", number);
    }

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FsyncHandle(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
