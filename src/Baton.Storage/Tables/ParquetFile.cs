using System.Buffers.Binary;
using Parquet;

namespace Baton.Storage.Tables;

/// <summary>Tables as Parquet.</summary>
public static class ParquetFile
{
    private const int RowsOfGroup = 1_000_000;
    private const int SmallestFile = 12;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">Names of the columns to read; null for all. A name that the file does not have is an error.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="InvalidTableException">Not Parquet, truncated, without a column, or a column's type is not one of <see cref="Column"/>'s.</exception>
    public static Task<Table> ReadAsync(string path, IReadOnlyCollection<string>? columns = null, CancellationToken cancellation = default) =>
        OfFileAsync(path, stream => ReadAsync(stream, columns, cancellation));

    /// <summary>Reads a seekable stream from its start; it stays open.</summary>
    /// <param name="stream">The file's bytes.</param>
    /// <param name="columns">Names of the columns to read; null for all. A name that the file does not have is an error.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="InvalidTableException">Not Parquet, truncated, without a column, or a column's type is not one of <see cref="Column"/>'s.</exception>
    public static Task<Table> ReadAsync(Stream stream, IReadOnlyCollection<string>? columns = null, CancellationToken cancellation = default) =>
        OfStreamAsync(stream, reader => new ColumnReader(reader).ReadAsync(columns, cancellation), cancellation);

    /// <summary>Number of rows and names of columns, without reading the values.</summary>
    /// <exception cref="InvalidTableException">Not Parquet, or truncated.</exception>
    public static Task<TableHead> HeadAsync(string path, CancellationToken cancellation = default) =>
        OfFileAsync(path, stream => OfStreamAsync(stream, reader => Task.FromResult(new ColumnReader(reader).Head()), cancellation));

    /// <summary>Writes a table, one row group a million rows, Zstd. The stream stays open.</summary>
    public static async Task WriteAsync(Stream stream, Table table, CancellationToken cancellation = default)
    {
        // The library's own level is the smallest size, which is a hundred times slower for a tenth of the bytes.
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.Zstd, CompressionLevel = System.IO.Compression.CompressionLevel.Fastest };
        var fields = ColumnWriter.FieldsOf(table);
        await using var writer = await ParquetWriter.CreateAsync(new(fields), stream, options, cancellationToken: cancellation).ConfigureAwait(false);
        for (var start = 0; start < table.Rows || start == 0; start += RowsOfGroup)
        {
            using var group = writer.CreateRowGroup();
            var count = Math.Min(RowsOfGroup, table.Rows - start);
            for (var i = 0; i < fields.Count; i++)
                await ColumnWriter.WriteAsync(group, fields[i], table.Columns[i], start, count, cancellation).ConfigureAwait(false);
        }
    }

    private static async Task<T> OfFileAsync<T>(string path, Func<Stream, Task<T>> read)
    {
        try
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return await read(file).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidTableException(
                e is FileNotFoundException or DirectoryNotFoundException ? $"There is no table at '{path}'." : $"'{path}' cannot be read: {e.Message}", e);
        }
        catch (InvalidTableException e)
        {
            throw new InvalidTableException($"'{path}': {e.Message}", e.InnerException);
        }
    }

    private static async Task<T> OfStreamAsync<T>(Stream stream, Func<ParquetReader, Task<T>> read, CancellationToken cancellation)
    {
        await RefuseOthersAsync(stream, cancellation).ConfigureAwait(false);
        try
        {
            var options = new ParquetOptions { UseDateOnlyTypeForDates = true };
            await using var reader = await ParquetReader.CreateAsync(stream, options, leaveStreamOpen: true, cancellation).ConfigureAwait(false);
            return await read(reader).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (OperationCanceledException or InvalidTableException))
        {
            // The library meets damage wherever it stands: no list of its exceptions would be whole.
            throw new InvalidTableException($"The Parquet file is damaged: {e.Message} Write it again, or compare its digest with the original's.", e);
        }
    }

    private static async Task RefuseOthersAsync(Stream stream, CancellationToken cancellation)
    {
        var magic = new byte[4];
        stream.Position = 0;
        var read = await stream.ReadAtLeastAsync(magic, magic.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        if (read < magic.Length || !magic.AsSpan().SequenceEqual("PAR1"u8))
        {
            throw new InvalidTableException(magic.AsSpan().SequenceEqual("PARE"u8)
                ? "The Parquet file is encrypted, which Baton does not read; write it in plain."
                : read == 0 ? "The file is empty, not a Parquet file."
                : "It is not a Parquet file: it does not begin with PAR1. Write it with to_parquet, not to_csv or to_pickle.");
        }

        var ending = new byte[sizeof(int) + magic.Length];
        if (stream.Length >= SmallestFile)
        {
            stream.Position = stream.Length - ending.Length;
            await stream.ReadExactlyAsync(ending, cancellation).ConfigureAwait(false);
        }

        if (!ending.AsSpan(sizeof(int)).SequenceEqual("PAR1"u8))
        {
            throw new InvalidTableException(
                $"The Parquet file is cut short: it has {stream.Length:N0} bytes and does not end with PAR1. Copy or write it again.");
        }

        var footer = BinaryPrimitives.ReadInt32LittleEndian(ending);
        if (footer <= 0 || footer > stream.Length - SmallestFile || !await HasWholeFooterAsync(stream, footer, cancellation).ConfigureAwait(false))
            throw new InvalidTableException("The Parquet file is damaged: its footer is not whole. Write it again, or compare its digest with the original's.");
        stream.Position = 0;
    }

    private static async Task<bool> HasWholeFooterAsync(Stream stream, int length, CancellationToken cancellation)
    {
        var footer = new byte[length];
        stream.Position = stream.Length - sizeof(int) - 4 - length;
        await stream.ReadExactlyAsync(footer, cancellation).ConfigureAwait(false);
        return FooterCheck.IsWhole(footer);
    }
}
