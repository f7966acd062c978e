namespace Baton.ServerTests;

/// <summary>The system's clock, set ahead by the test. Timers run as ever.</summary>
internal sealed class AheadClock : TimeProvider
{
    public TimeSpan Ahead { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;
}
