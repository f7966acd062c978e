using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Baton.Importing;

/// <summary>
/// The metric files of a run: a line a point, <c>milliseconds value [step]</c>. A last line without an end may be half written; it is taken only once
/// nobody has touched the file for a while.
/// </summary>
internal sealed class MetricFiles
{
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    private readonly IReadOnlyList<(string Key, FileInfo File)> _files;
    private readonly Dictionary<string, long> _taken;
    private readonly Dictionary<string, long> _read = new(StringComparer.Ordinal);
    private readonly ImportReport _report;
    private readonly TimeProvider _time;
    private readonly string _run;

    /// <param name="folder">The run's <c>metrics</c>.</param>
    /// <param name="run">The run, for the report.</param>
    /// <param name="taken">How many bytes of each file are safe on the server already; kept up to date.</param>
    /// <param name="report">Told of lines that are no points.</param>
    /// <param name="time">Tells whether a file is still being written.</param>
    public MetricFiles(string folder, string run, Dictionary<string, long> taken, ImportReport report, TimeProvider time)
    {
        _files = [.. SourceFolder.FilesBelow(folder).Select(f => (f.Path, f.File))];
        (_run, _taken, _report, _time) = (run, taken, report, time);
    }

    /// <summary>Changes when the files do.</summary>
    public string Digest => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', _files.Select(f => $"{f.Key}\t{f.File.Length}\t{f.File.LastWriteTimeUtc.Ticks}")))));

    /// <summary>Whether nothing was left for the next time.</summary>
    public bool IsWhole { get; private set; } = true;

    public IEnumerable<SourcePoint> Points() => _files.SelectMany(f => Points(f.Key, f.File));

    /// <summary>What was read is safe: it need not be read again.</summary>
    public void Accept()
    {
        foreach (var (key, bytes) in _read)
            _taken[key] = bytes;
    }

    private IEnumerable<SourcePoint> Points(string key, FileInfo file)
    {
        using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16);
        var at = _taken.GetValueOrDefault(key);
        // A file that is shorter than it was is another file.
        stream.Position = at = at > stream.Length ? 0 : at;
        var line = new List<byte>(64);
        var number = 0L;
        for (int next; (next = stream.ReadByte()) >= 0;)
        {
            if (next != '\n')
            {
                line.Add((byte)next);
                continue;
            }

            at += line.Count + 1;
            number++;
            if (Parse(key, line, number) is { } point)
                yield return point;
            line.Clear();
        }

        if (line.Count > 0 && _time.GetUtcNow() - file.LastWriteTimeUtc > Settled)
        {
            at += line.Count;
            if (Parse(key, line, number + 1) is { } last)
                yield return last;
        }
        else if (line.Count > 0)
        {
            IsWhole = false;
            _report.Found(Kinds.Points);
            _report.Skip(Kinds.Points, $"{_run}/{key}", "the last line is still being written; run the import again");
        }

        _read[key] = at;
    }

    private SourcePoint? Parse(string key, List<byte> bytes, long number)
    {
        var text = Encoding.UTF8.GetString(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes)).Trim();
        if (text.Length == 0)
            return null;
        _report.Found(Kinds.Points);
        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length is 2 or 3 && Whole(fields[0]) is { } at && Real(fields[1]) is { } value && (fields.Length == 2 ? 0 : Whole(fields[2])) is { } step)
            return new SourcePoint(key, at, step, value);
        _report.Skip(Kinds.Points, $"{_run}/{key}", $"the line {number} is no point: '{(text.Length > 60 ? text[..60] + "…" : text)}'");
        return null;
    }

    internal static long? Whole(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && Math.Floor(real) == real && Math.Abs(real) < 9e15 ? (long)real : null;

    /// <summary>A number as Python writes it: <c>nan</c>, <c>inf</c> and <c>-inf</c> too.</summary>
    internal static double? Real(string text) => text.ToLowerInvariant() switch
    {
        "nan" => double.NaN,
        "inf" or "+inf" or "infinity" => double.PositiveInfinity,
        "-inf" or "-infinity" => double.NegativeInfinity,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? real : null,
    };
}
