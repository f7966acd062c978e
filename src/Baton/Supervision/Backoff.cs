namespace Baton.Supervision;

/// <summary>How long to wait before a dead child is started again: 0.2 s, doubling to 10 s; from the beginning once a child ran for 30 s.</summary>
internal sealed class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Healthy = TimeSpan.FromSeconds(30);

    private TimeSpan _next = First;

    /// <summary>The wait after a child that ran for so long.</summary>
    public TimeSpan After(TimeSpan ran)
    {
        if (ran >= Healthy)
            _next = First;
        var wait = _next;
        _next = TimeSpan.FromTicks(Math.Min(_next.Ticks * 2, Longest.Ticks));
        return wait;
    }
}
