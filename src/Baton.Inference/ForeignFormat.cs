namespace Baton.Inference;

/// <summary>Recognises files that are plainly something else, so that the refusal can say what was given.</summary>
internal static class ForeignFormat
{
    private const int Look = 512;

    private static readonly (byte[] Start, string Is)[] Starts =
    [
        ([0x89, (byte)'P', (byte)'N', (byte)'G'], "a PNG image"),
        ([0xFF, 0xD8, 0xFF], "a JPEG image"),
        ([.. "GIF8"u8], "a GIF image"),
        ([.. "%PDF"u8], "a PDF document"),
        ([.. "PAR1"u8], "a Parquet file"),
        ([.. "PK\u0003\u0004"u8], "a zip archive (PyTorch and Keras save such files); export the model to ONNX"),
        ([0x1F, 0x8B], "a gzip archive; unpack it"),
        ([0x89, (byte)'H', (byte)'D', (byte)'F'], "an HDF5 file (Keras saves such files); export the model to ONNX"),
        ([0x80, 0x02], "a Python pickle; export the model to ONNX"),
        ([0x80, 0x03], "a Python pickle; export the model to ONNX"),
        ([0x80, 0x04], "a Python pickle; export the model to ONNX"),
        ([0x80, 0x05], "a Python pickle; export the model to ONNX"),
        ([.. "version https://git-lfs"u8], "a Git LFS pointer, not the file it points to; run 'git lfs pull'"),
    ];

    /// <summary>What the file is where that is plain; null where it may be ONNX. Leaves the stream at its start.</summary>
    public static string? Of(Stream file)
    {
        Span<byte> buffer = stackalloc byte[Look];
        var head = buffer[..file.ReadAtLeast(buffer, Look, throwOnEndOfStream: false)];
        file.Position = 0;
        if (head.IsEmpty)
            return "it is empty.";
        foreach (var (start, what) in Starts)
        {
            if (head.StartsWith(start))
                return $"it is {what}.";
        }

        // An ONNX file begins with the tag of a field, which is a control character.
        return IsText(head) ? "it is a text file." : null;
    }

    private static bool IsText(ReadOnlySpan<byte> head)
    {
        foreach (var b in head)
        {
            if (b < ' ' && b is not ((byte)'\n' or (byte)'\r' or (byte)'\t'))
                return false;
        }

        return true;
    }
}
