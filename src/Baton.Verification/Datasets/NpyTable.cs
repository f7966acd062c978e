using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Baton.Storage.Tables;

namespace Baton.Verification.Datasets;

/// <summary>
/// NPY (numpy/lib/format.py, versions 1 to 3): a structured array with a field a column, or a plain two-dimensional one whose columns are named by the caller.
/// Little-endian numbers, booleans, and texts (<c>U</c>, <c>S</c>); pickled objects are refused.
/// </summary>
internal static partial class NpyTable
{
    /// <summary>Reads a file's bytes.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="names">Names of the columns of a plain array of this width.</param>
    /// <exception cref="InvalidTableException">It is not NPY, of a shape or type that is not read, or cut short.</exception>
    public static Table Read(byte[] bytes, Func<int, IReadOnlyList<string>> names)
    {
        var (header, start) = Header(bytes);
        if (header.Contains("'fortran_order': True", StringComparison.Ordinal))
            throw new InvalidTableException("The NPY file is in Fortran order; save numpy.ascontiguousarray(a).");
        var shape = Shape().Match(header) is { Success: true } found
            ? found.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(d => long.Parse(d, CultureInfo.InvariantCulture)).ToList()
            : throw new InvalidTableException("The NPY file's header names no shape.");
        var fields = Fields(header, shape, names);
        var width = fields.Sum(f => f.Size);
        var rows = shape.Count > 0 ? shape[0] : 0;
        if (rows > Array.MaxLength || (bytes.Length - start) / Math.Max(1, width) < rows)
            throw new InvalidTableException($"The NPY file is cut short: it names {rows} rows of {width} bytes, and has {bytes.Length - start} bytes.");
        var columns = new List<Column>();
        var offset = start;
        foreach (var field in fields)
        {
            columns.Add(Column(field, bytes, offset, width, (int)rows));
            offset += field.Size;
        }

        return new Table(columns);
    }

    private static (string Header, int Start) Header(byte[] bytes)
    {
        if (bytes.Length < 10 || !bytes.AsSpan().StartsWith((byte[])[0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y']))
            throw new InvalidTableException("The file is not NPY: it does not begin as numpy.save begins it.");
        var at = bytes[6] == 1 ? 10 : 12;
        long length = bytes[6] == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8)) : bytes.Length < 12 ? long.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(8));
        return at + length <= bytes.Length
            ? (Encoding.UTF8.GetString(bytes, at, (int)length), at + (int)length)
            : throw new InvalidTableException("The NPY file is cut short within its header.");
    }

    private static List<Field> Fields(string header, List<long> shape, Func<int, IReadOnlyList<string>> names)
    {
        if (Structured().Match(header) is { Success: true } structured)
        {
            if (shape.Count != 1)
                throw new InvalidTableException("The NPY file holds a structured array of more than one dimension; a row is one element.");
            var fields = StructuredField().Matches(structured.Groups[1].Value).Select(m => new Field(m.Groups[1].Value, m.Groups[2].Value)).ToList();
            return fields.Count > 0 && StructuredField().Replace(structured.Groups[1].Value, "").AsSpan().IndexOfAnyExcept(" ,") < 0
                ? fields
                : throw new InvalidTableException($"The NPY file's fields are not plain columns: {structured.Groups[1].Value}.");
        }

        var type = Plain().Match(header) is { Success: true } plain ? plain.Groups[1].Value : throw new InvalidTableException("The NPY file's header names no type.");
        if (shape.Count != 2)
            throw new InvalidTableException($"The NPY file has {shape.Count} dimensions; predictions are rows and columns. A structured array names its columns itself: numpy.rec.fromarrays([...], names='id,label,score').");
        if (shape[1] is < 1 or > 100_000)
            throw new InvalidTableException($"The NPY file has {shape[1]} columns.");
        var named = names((int)shape[1]);
        return [.. named.Select(name => new Field(name, type))];
    }

    private static Column Column(Field field, byte[] bytes, int start, int width, int rows)
    {
        ReadOnlySpan<byte> At(int row) => bytes.AsSpan(start + (row * width), field.Size);
        T[] Each<T>(Func<int, T> read)
        {
            var values = new T[rows];
            for (var row = 0; row < rows; row++)
                values[row] = read(row);
            return values;
        }

        Array values = field.Kind switch
        {
            "b1" => Each(row => At(row)[0] != 0),
            "i1" => Each(row => (int)(sbyte)At(row)[0]),
            "u1" => Each(row => (int)At(row)[0]),
            "i2" => Each(row => (int)BinaryPrimitives.ReadInt16LittleEndian(At(row))),
            "u2" => Each(row => (int)BinaryPrimitives.ReadUInt16LittleEndian(At(row))),
            "i4" => Each(row => BinaryPrimitives.ReadInt32LittleEndian(At(row))),
            "u4" => Each(row => (long)BinaryPrimitives.ReadUInt32LittleEndian(At(row))),
            "i8" => Each(row => BinaryPrimitives.ReadInt64LittleEndian(At(row))),
            "u8" => Each(row => BinaryPrimitives.ReadUInt64LittleEndian(At(row)) is <= long.MaxValue and var v ? (long)v : throw Cells.Fault(field.Name, row, "is greater than a 64-bit whole number can be")),
            "f2" => Each(row => (float)BinaryPrimitives.ReadHalfLittleEndian(At(row))),
            "f4" => Each(row => BinaryPrimitives.ReadSingleLittleEndian(At(row))),
            "f8" => Each(row => BinaryPrimitives.ReadDoubleLittleEndian(At(row))),
            ['U', ..] => Each(row => Encoding.UTF32.GetString(At(row)).TrimEnd('\0')),
            ['S', ..] => Each(row => Encoding.UTF8.GetString(At(row)).TrimEnd('\0')),
            _ => throw new InvalidTableException($"Column '{field.Name}' of the NPY file is of type '{field.Type}', which is not read; numbers, booleans and texts of a fixed length are."),
        };
        return new Column(field.Name, values);
    }

    /// <summary>One column: its numpy type, e.g. <c>&lt;f8</c>.</summary>
    private sealed record Field(string Name, string Type)
    {
        public string Kind { get; } = Type.TrimStart('<', '|', '=') is "?" ? "b1" : Type.TrimStart('<', '|', '=');

        public int Size => int.TryParse(Kind.AsSpan(Math.Min(1, Kind.Length)), NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size is > 0 and <= 1_000_000
            ? size * (Kind[0] == 'U' ? 4 : 1)
            : throw new InvalidTableException($"Column '{Name}' of the NPY file is of type '{Type}', which is not read; numbers, booleans and texts of a fixed length are.");
    }

    [GeneratedRegex(@"'shape':\s*\(([0-9, ]*)\)")]
    private static partial Regex Shape();

    [GeneratedRegex(@"'descr':\s*\[(.*?)\]")]
    private static partial Regex Structured();

    [GeneratedRegex(@"\('([^']*)',\s*'([^']*)'\)")]
    private static partial Regex StructuredField();

    [GeneratedRegex(@"'descr':\s*'([^']*)'")]
    private static partial Regex Plain();
}
