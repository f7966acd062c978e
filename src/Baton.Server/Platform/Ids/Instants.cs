namespace Baton.Server.Platform.Ids;

/// <summary>Time as the database keeps it: microseconds since 1970, UTC.</summary>
internal static class Instants
{
    public static long Micros(this TimeProvider time) => time.GetUtcNow().ToMicros();

    public static long ToMicros(this DateTimeOffset at) => (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>MLflow's milliseconds as microseconds; refused beyond the year 9999, where no clock goes.</summary>
    public static long FromMillis(long millis, string parameter) => millis is >= 0 and <= 253_402_300_799_999
        ? millis * 1000
        : throw Errors.Refusal.Invalid($"Invalid value {millis} for parameter '{parameter}' supplied: expected milliseconds since 1970, up to the year 9999.");

    public static DateTimeOffset FromMicros(long micros) => DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond);

    public static DateTimeOffset? FromMicros(long? micros) => micros is { } at ? FromMicros(at) : null;
}
