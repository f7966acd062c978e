using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Baton.Serving.Log;

/// <summary>A Parquet file of rows of one endpoint and one event day, told by its name alone.</summary>
/// <param name="Id">UUIDv7 as 32 hex digits.</param>
/// <param name="Project">Project of the endpoint.</param>
/// <param name="Endpoint">Endpoint.</param>
/// <param name="Day">Day, UTC, of every row's event time.</param>
internal sealed record SealedFile(string Id, string Project, string Endpoint, DateOnly Day)
{
    public const string Extension = ".parquet";

    private const string DayFormat = "yyyy-MM-dd";

    /// <summary>Name of the file: the id first, so that names sort by time. Escaping leaves no <c>@</c> in a name.</summary>
    public string FileName => $"{Id}@{Day.ToString(DayFormat, CultureInfo.InvariantCulture)}@{Uri.EscapeDataString(Project)}@{Uri.EscapeDataString(Endpoint)}{Extension}";

    /// <summary>
    /// A part of a segment. Its id hangs on nothing but the segment's and what the part holds: a segment that is sealed again after a kill gives
    /// the same files, and none of its rows arrives twice.
    /// </summary>
    public static SealedFile Of(string segment, string project, string endpoint, DateOnly day)
    {
        var part = SHA256.HashData(Encoding.UTF8.GetBytes($"{segment}\n{project}\n{endpoint}\n{day.DayNumber}"));
        part[0] = (byte)((part[0] & 0x3F) | 0x80);
        return new SealedFile(segment[..16] + Convert.ToHexStringLower(part.AsSpan(0, 8)), project, endpoint, day);
    }

    /// <summary>Reads a name; null where it is another's.</summary>
    public static SealedFile? Parse(string path)
    {
        var parts = Path.GetFileNameWithoutExtension(path).Split('@');
        return Path.GetExtension(path) == Extension && parts.Length == 4
            && DateOnly.TryParseExact(parts[1], DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? new SealedFile(parts[0], Uri.UnescapeDataString(parts[2]), Uri.UnescapeDataString(parts[3]), day)
            : null;
    }
}
