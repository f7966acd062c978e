using System.Buffers.Binary;
using System.Text;

namespace Baton.Verification.Pickles;

/// <summary>What a pickle would import when it is read.</summary>
/// <param name="Names">Everything it names, as <c>module.name</c>, each once.</param>
/// <param name="Fault">Why it could not be followed to its end; null where it could.</param>
internal sealed record PickleNames(IReadOnlyCollection<string> Names, string? Fault);

/// <summary>
/// Reads the opcodes of a Python pickle (pickletools.py, protocols 0 to 5) without running any. A name that the pickle makes up as it goes is told as
/// <see cref="MadeUp"/>: whoever cannot say what is imported cannot say that it is harmless.
/// </summary>
internal sealed class PickleScan
{
    /// <summary>Stands for an import whose name cannot be told from the opcodes.</summary>
    public const string MadeUp = "a name that is made up while it is read";

    private const int LongestLine = 1 << 16;

    private readonly Stream _stream;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    // Texts on top of the stack, as far as they are known; emptied by whatever else is done to it.
    private readonly List<string?> _top = [];
    private readonly Dictionary<long, string?> _memo = [];

    private PickleScan(Stream stream) => _stream = stream;

    /// <summary>Follows the pickles that a stream begins with.</summary>
    public static PickleNames Read(Stream stream)
    {
        var scan = new PickleScan(new BufferedStream(stream, 1 << 16));
        try
        {
            scan.Follow();
            return new PickleNames(scan._names, null);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            return new PickleNames(scan._names, e.Message);
        }
    }

    private void Follow()
    {
        var opcode = _stream.ReadByte();
        while (opcode >= 0)
        {
            while (opcode != '.')
            {
                Step(opcode < 0 ? throw new EndOfStreamException("it ends in the middle") : opcode);
                opcode = _stream.ReadByte();
            }

            // PyTorch's old files are several pickles, one after the other; what follows the last is data.
            _top.Clear();
            _memo.Clear();
            opcode = _stream.ReadByte();
            if (opcode != 0x80)
                return;
        }
    }

    private void Step(int opcode)
    {
        switch (opcode)
        {
            case 'c' or 'i':
                Import(Line(), Line());
                break;
            case 0x93:
                Import(_top.Count >= 2 ? _top[^2] : null, _top.Count >= 2 ? _top[^1] : null);
                break;
            case 'S' or 'V':
                _top.Add(Unquoted(Line()));
                break;
            case 'T' or 'X':
                _top.Add(Text(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))));
                break;
            case 'U' or 0x8c:
                _top.Add(Text(Bytes(1)[0]));
                break;
            case 0x8d:
                _top.Add(Text(BinaryPrimitives.ReadUInt64LittleEndian(Bytes(8))));
                break;
            case 'p':
                _memo[Whole(Line())] = _top.LastOrDefault();
                break;
            case 'q':
                _memo[Bytes(1)[0]] = _top.LastOrDefault();
                break;
            case 'r':
                _memo[BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))] = _top.LastOrDefault();
                break;
            case 0x94:
                _memo[_memo.Count] = _top.LastOrDefault();
                break;
            case 'g':
                _top.Add(_memo.GetValueOrDefault(Whole(Line())));
                break;
            case 'h':
                _top.Add(_memo.GetValueOrDefault(Bytes(1)[0]));
                break;
            case 'j':
                _top.Add(_memo.GetValueOrDefault(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))));
                break;
            case 0x80:
                Bytes(1);
                break;
            case 0x95:
                Bytes(8);
                break;
            case 0x82 or 0x83 or 0x84:
                Bytes(opcode == 0x82 ? 1 : opcode == 0x83 ? 2 : 4);
                Import(null, null);
                break;
            default:
                _top.Clear();
                Skip(opcode);
                break;
        }
    }

    private void Skip(int opcode)
    {
        switch (opcode)
        {
            case '(' or '0' or '1' or '2' or 'N' or 'Q' or 'R' or 'a' or 'b' or 'd' or '}' or 'e' or 'l' or ']' or 'o' or 's' or 't' or ')' or 'u':
            case 0x81 or (>= 0x85 and <= 0x89) or (>= 0x8f and <= 0x92) or 0x97 or 0x98:
                break;
            case 'F' or 'I' or 'L' or 'P':
                Line();
                break;
            case 'K':
                Bytes(1);
                break;
            case 'M':
                Bytes(2);
                break;
            case 'J':
                Bytes(4);
                break;
            case 'G':
                Bytes(8);
                break;
            case 'C' or 0x8a:
                Pass(Bytes(1)[0]);
                break;
            case 'B' or 0x8b:
                Pass(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4)));
                break;
            case 0x8e or 0x96:
                Pass(BinaryPrimitives.ReadUInt64LittleEndian(Bytes(8)));
                break;
            default:
                throw new InvalidDataException($"it has a byte that is no opcode (0x{opcode:x2})");
        }
    }

    private void Import(string? module, string? name)
    {
        _names.Add(module is null || name is null ? MadeUp : $"{module}.{name}");
        _top.Clear();
    }

    private string? Text(ulong length)
    {
        if (length > LongestLine)
        {
            Pass(length);
            return null;
        }

        return Encoding.UTF8.GetString(Bytes((int)length));
    }

    private string Line()
    {
        var bytes = new List<byte>();
        for (var b = _stream.ReadByte(); b != '\n'; b = _stream.ReadByte())
        {
            if (b < 0)
                throw new EndOfStreamException("it ends in the middle");
            bytes.Add((byte)b);
            if (bytes.Count > LongestLine)
                throw new InvalidDataException("it has a line that is far too long");
        }

        return Encoding.UTF8.GetString([.. bytes]).TrimEnd('\r');
    }

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        return _stream.ReadAtLeast(bytes, count, throwOnEndOfStream: false) == count ? bytes : throw new EndOfStreamException("it ends in the middle");
    }

    private void Pass(ulong count)
    {
        var buffer = new byte[1 << 16];
        while (count > 0)
        {
            var read = _stream.Read(buffer, 0, (int)Math.Min(count, (ulong)buffer.Length));
            if (read == 0)
                throw new EndOfStreamException("it ends in the middle");
            count -= (ulong)read;
        }
    }

    private static long Whole(string text) => long.TryParse(text, out var number) ? number : throw new InvalidDataException("a place in its memo is no number");

    private static string Unquoted(string text) => text.Length >= 2 && text[0] is ('\'' or '"') && text[^1] == text[0] ? text[1..^1] : text;
}
