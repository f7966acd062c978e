namespace Baton.Server.Platform.Ids;

/// <summary>Time as the database keeps it: microseconds since 1970, UTC.</summary>
internal static class Instants
{
    public static long Micros(this TimeProvider time) => time.GetUtcNow().ToMicros();

    public static long ToMicros(this DateTimeOffset at) => (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset FromMicros(long micros) => DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond);

    public static DateTimeOffset? FromMicros(long? micros) => micros is { } at ? FromMicros(at) : null;
}
