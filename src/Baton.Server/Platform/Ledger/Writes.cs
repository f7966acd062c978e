using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Events;
using Baton.Server.Platform.Ids;

namespace Baton.Server.Platform.Ledger;

/// <summary>
/// The only way to change the database: the change, its ledger row and its outbox event commit together, and subscribers hear of it after the
/// commit.
/// </summary>
internal sealed class Writes(BatonDatabase database, IdSource ids, TimeProvider time, EventSignal signal)
{
    /// <summary>Runs <paramref name="write"/> in one transaction. Where it throws, nothing of it stays.</summary>
    public async Task<T> RunAsync<T>(Caller caller, Func<Change, Task<T>> write, CancellationToken cancellation)
    {
        caller.Once?.Use();
        Change? change = null;
        var result = await database.WriteAsync(
            async sql =>
            {
                change = new Change(sql, caller, ids, time.Micros());
                var written = caller.Once is { } once ? await once.RunAsync(change, write) : await write(change);
                await change.CloseAsync();
                return written;
            },
            cancellation);
        change!.Committed?.Invoke();
        if (change.HasEvents)
            signal.Wake();
        return result;
    }
}
