namespace Baton.Storage.Tables;

/// <summary>
/// Whether the footer of a Parquet file, a Thrift structure in the compact protocol, is whole. The reading library takes what follows the end of a
/// damaged footer for zeros, and then goes on for ever; so this looks first, without understanding more than the structure.
/// </summary>
internal ref struct FooterCheck
{
    private const int DeepestNesting = 32;
    private readonly ReadOnlySpan<byte> _footer;
    private int _at;

    private FooterCheck(ReadOnlySpan<byte> footer) => _footer = footer;

    private readonly int Left => _footer.Length - _at;

    /// <summary>Whether these bytes are one whole structure and nothing else.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> footer)
    {
        var check = new FooterCheck(footer);
        return check.SkipStruct(0) && check.Left == 0;
    }

    private bool SkipStruct(int depth)
    {
        if (depth > DeepestNesting)
            return false;
        while (Byte() is { } header)
        {
            if (header == 0)
                return true;
            // A field without a step from the last one's id tells its id in full.
            if (header >> 4 == 0 && Number() is null)
                return false;
            var type = header & 15;
            // The value of a boolean field is in its type.
            if (type is not (1 or 2) && !SkipValue(type, depth))
                return false;
        }

        return false;
    }

    private bool SkipValue(int type, int depth) => type switch
    {
        1 or 2 or 3 => Skip(1),
        4 or 5 or 6 => Number() is not null,
        7 => Skip(sizeof(double)),
        8 => Number() is { } length && Skip(length),
        9 or 10 => SkipList(depth),
        11 => SkipMap(depth),
        12 => SkipStruct(depth + 1),
        13 => Skip(16),
        _ => false,
    };

    private bool SkipList(int depth)
    {
        if (Byte() is not { } header)
            return false;
        return (header >> 4 == 15 ? Number() : (ulong)(header >> 4)) is { } count && SkipEach(count, depth, header & 15);
    }

    private bool SkipMap(int depth)
    {
        if (Number() is not { } count)
            return false;
        return count == 0 || (Byte() is { } types && SkipEach(count, depth, types >> 4, types & 15));
    }

    private bool SkipEach(ulong count, int depth, params ReadOnlySpan<int> types)
    {
        // No value is shorter than a byte: a count beyond what is left is damage, whatever it counts.
        if (count > (ulong)Left)
            return false;
        for (var i = 0UL; i < count; i++)
        {
            foreach (var type in types)
            {
                if (!SkipValue(type, depth + 1))
                    return false;
            }
        }

        return true;
    }

    private bool Skip(ulong bytes)
    {
        if (bytes > (ulong)Left)
            return false;
        _at += (int)bytes;
        return true;
    }

    private int? Byte() => Left > 0 ? _footer[_at++] : null;

    /// <summary>A number of up to 64 bits, seven to a byte, lowest first.</summary>
    private ulong? Number()
    {
        var value = 0UL;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (Byte() is not { } part)
                return null;
            value |= (ulong)(part & 127) << shift;
            if (part < 128)
                return value;
        }

        return null;
    }
}
