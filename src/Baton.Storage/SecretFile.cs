using System.Security.Cryptography;

namespace Baton.Storage;

/// <summary>Random bytes in a file that only its owner can read.</summary>
public static class SecretFile
{
    /// <summary>Reads them, or makes them where there is no such file yet; they are on the disk when the call returns.</summary>
    /// <exception cref="InvalidDataException">The file is not of that length.</exception>
    /// <exception cref="IOException">It could not be read or made.</exception>
    public static async Task<byte[]> ReadOrCreateAsync(string path, int length, CancellationToken ct = default)
    {
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            await DurableFile.WriteAsync(path, RandomNumberGenerator.GetBytes(length), ct);
        }

        var bytes = await File.ReadAllBytesAsync(path, ct);
        return bytes.Length == length
            ? bytes
            : throw new InvalidDataException($"The file {path} holds {bytes.Length} bytes, not the {length} of a key: restore it, or remove it and set every secret anew.");
    }
}
