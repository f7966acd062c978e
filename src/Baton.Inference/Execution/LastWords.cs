namespace Baton.Inference.Execution;

/// <summary>Reads a child's standard error to its end and keeps the last lines of it, so that a chatty child neither blocks nor fills memory.</summary>
internal sealed class LastWords
{
    private const int Kept = 4096;
    private const int Lines = 6;
    private readonly char[] _ring = new char[Kept];
    private readonly Lock _gate = new();
    private long _written;

    /// <summary>Begins to read; the task ends with the stream.</summary>
    public Task Follow(TextReader reader) => Task.Run(async () =>
    {
        var buffer = new char[1024];
        try
        {
            int got;
            while ((got = await reader.ReadAsync(buffer)) > 0)
            {
                lock (_gate)
                {
                    foreach (var character in buffer.AsSpan(0, got))
                        _ring[_written++ % Kept] = character;
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The child is gone; what it said until then is kept.
        }
    });

    /// <summary>The last lines, joined by <c> | </c>; empty where there was nothing.</summary>
    public override string ToString()
    {
        string text;
        lock (_gate)
        {
            text = _written <= Kept
                ? new string(_ring, 0, (int)_written)
                : string.Create(Kept, (_ring, _written), static (target, state) =>
                {
                    for (var i = 0; i < Kept; i++)
                        target[i] = state._ring[(state._written + i) % Kept];
                });
        }

        return string.Join(" | ", text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(Lines));
    }
}
