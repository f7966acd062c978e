using System.Globalization;
using System.Text.RegularExpressions;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Ids;

namespace Baton.Server.Predictions;

/// <summary>What callers write in paths and queries, checked.</summary>
internal static partial class LogNames
{
    private const int LongestId = 200;

    /// <summary>The id of a prediction file.</summary>
    public static string File(string id) => FileId().IsMatch(id)
        ? id
        : throw Refusal.Invalid($"'{id}' is no id of a file: expected 1 to 128 letters, digits, dots, dashes and underscores.");

    /// <summary>What is wrong with the id of a prediction; null where nothing is.</summary>
    public static string? FaultOf(string predictionId) =>
        predictionId.Length is 0 or > LongestId ? $"expected 1 to {LongestId} characters, got {predictionId.Length}"
        : predictionId.Any(char.IsControl) ? "it holds control characters"
        : null;

    /// <summary>A day as <c>yyyy-MM-dd</c>, and its first microsecond.</summary>
    public static (string Day, long From) Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? (text!, new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).ToMicros())
            : throw Refusal.Invalid($"Parameter 'day' is '{text}'; expected the UTC day of the file's events as yyyy-MM-dd.");

    /// <summary>The day that a time lies in.</summary>
    public static string DayOf(long micros) => Instants.FromMicros(micros).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A time of a range, RFC 3339 or a day; <paramref name="otherwise"/> where it is left out.</summary>
    public static long Time(string name, string? text, long otherwise)
    {
        if (string.IsNullOrEmpty(text))
            return otherwise;
        return TryTime(text, out var micros) ? micros : throw Refusal.Invalid(
            $"Parameter '{name}' is '{text}'; expected a time such as 2001-02-15T08:30:00Z, or a day such as 2001-02-15.");
    }

    /// <summary>Reads RFC 3339 with its offset, or a day.</summary>
    public static bool TryTime(string text, out long micros)
    {
        micros = 0;
        var day = text.Length == 10;
        if (!day && !Rfc3339().IsMatch(text))
            return false;
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) || (day && text[4] != '-'))
            return false;
        micros = at.ToMicros();
        return true;
    }

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,128}\z")]
    private static partial Regex FileId();

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:\d{2})\z")]
    private static partial Regex Rfc3339();
}
