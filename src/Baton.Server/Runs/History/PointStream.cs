using Baton.Database;

namespace Baton.Server.Runs.History;

/// <summary>
/// A series block by block, each read by itself: a client that reads slowly holds a block in memory, never a transaction open. Points that come
/// meanwhile are in it where they belong after the last block.
/// </summary>
internal sealed class PointStream(BatonDatabase database, HistoryStore store, SeriesKey series, PointPlace after, StepRange range, long most = long.MaxValue)
{
    private const int PointsAtOnce = 4096;

    private PointPlace _after = after;
    private bool _ended;

    public PointBlock Block { get; } = new((int)Math.Clamp(most, 1, PointsAtOnce));

    /// <summary>Fills <see cref="Block"/> with the next points; false at the end.</summary>
    public async Task<bool> NextAsync(CancellationToken cancellation)
    {
        if (_ended)
            return false;
        await database.ReadAsync(
            async sql =>
            {
                await store.FillAsync(sql, series, _after, range, Block);
                return true;
            },
            cancellation);
        if (Block.Count == 0)
            return !(_ended = true);
        _after = Block.Last;
        _ended = !Block.IsFull;
        return true;
    }
}
