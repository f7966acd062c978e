using System.Text;

namespace Baton.Supervision;

/// <summary>
/// A child's full log on disk, turned over at 10 MB (one old file is kept); what a person must see also goes to the terminal. A log that cannot be
/// written loses lines, and nothing else: who stopped reading the child's pipe would stop the child.
/// </summary>
internal sealed class ChildLog : IDisposable
{
    private const long Limit = 10_000_000;
    private const string Own = "baton: ";

    private static readonly string[] LoudPrefixes = ["warn: ", "fail: ", "crit: ", "Unhandled exception"];

    private readonly Lock _gate = new();
    private readonly string _name;
    private readonly string _path;
    private readonly Action<string> _terminal;
    private StreamWriter? _file;
    private long _size;
    private bool _toldOfFault;

    public ChildLog(string directory, string name, Action<string> terminal)
    {
        Directory.CreateDirectory(directory);
        _name = name;
        _path = Path.Combine(directory, name + ".log");
        _terminal = terminal;
        _file = Open();
    }

    /// <summary>Takes a line of the child's.</summary>
    public void Write(string line)
    {
        lock (_gate)
            Keep(line);
        if (Spoken(line) is { } text)
            _terminal($"{_name}: {text}");
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_gate)
            _file?.Dispose();
    }

    /// <summary>
    /// What of a line a person must see: log lines of warning and above (<c>TIME warn: …</c>), the program's own complaints (<c>baton: …</c>), and a
    /// crash. Null for all else.
    /// </summary>
    internal static string? Spoken(string line)
    {
        var stamped = line.Length > 0 && char.IsAsciiDigit(line[0]);
        var text = stamped ? line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..] : line;
        if (LoudPrefixes.Any(p => text.StartsWith(p, StringComparison.Ordinal)))
            return text;
        return text.StartsWith(Own, StringComparison.Ordinal) && !text.StartsWith(Supervisor.Listening, StringComparison.Ordinal)
            && !text.StartsWith(Supervisor.Serving, StringComparison.Ordinal) ? text[Own.Length..] : null;
    }

    private void Keep(string line)
    {
        try
        {
            _file ??= Open();
            _file.WriteLine(line);
            _size += Encoding.UTF8.GetByteCount(line) + 1;
            if (_size > Limit)
                TurnOver();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (_toldOfFault)
                return;
            _toldOfFault = true;
            _terminal($"{_name}: the log {_path} cannot be written: {e.Message} Lines are missing from it until that is put right; {_name} goes on.");
        }
    }

    private void TurnOver()
    {
        _file?.Dispose();
        _file = null;
        File.Move(_path, _path + ".1", overwrite: true);
    }

    private StreamWriter Open()
    {
        // No buffer: what a full disk refused is not tried again, and cannot fail a later line or the end.
        var stream = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        _size = stream.Length;
        return new StreamWriter(stream) { AutoFlush = true };
    }
}
