namespace Baton.Server.Monitoring;

/// <summary>Weeks from Monday to Monday, 00:00 UTC, of times in microseconds since 1970.</summary>
internal static class CalendarWeeks
{
    /// <summary>Microseconds of a week.</summary>
    public const long Length = 7 * Day;

    private const long Day = 86_400_000_000;

    /// <summary>1970-01-01 was a Thursday: its week began three days before.</summary>
    private const long FirstMonday = -3 * Day;

    /// <summary>The Monday on which the week of a time began.</summary>
    public static long Begin(long time)
    {
        var since = (time - FirstMonday) % Length;
        return time - (since < 0 ? since + Length : since);
    }

    /// <summary>The Monday on which the week of a time ends, or the time itself where it is one.</summary>
    public static long End(long time) => Begin(time) == time ? time : Begin(time) + Length;

    /// <summary>The day on which a time lies.</summary>
    public static DateOnly DayOf(long time) => DateOnly.FromDateTime(Platform.Ids.Instants.FromMicros(time).UtcDateTime);
}
