using System.Collections.Concurrent;
using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Runs;

/// <summary>
/// Where points of wide batches wait. A batch over a thousand metrics touches a thousand pages of <c>metrics</c>, which is ordered by key; waiting, it
/// touches a dozen, and a hundred batches are then moved for about the price of one. Every reader of <c>metrics</c> settles the run first.
/// </summary>
internal sealed class ArrivedPoints(BatonDatabase database, Writes writes, RunsStore runs)
{
    /// <summary>Moves what waits of these runs.</summary>
    public async Task SettleAsync(Caller caller, IReadOnlyList<string> runIds, CancellationToken cancellation)
    {
        var waiting = await database.ReadAsync(
            async sql =>
            {
                var ids = new List<string>();
                await sql.ReadPreparedAsync(
                    $"""
                    SELECT run_id FROM runs r WHERE project = $1 AND {sql.Dialect.Among("run_id", "$2")}
                        AND EXISTS (SELECT 1 FROM arrived_points a WHERE a.run_no = r.run_no LIMIT 1)
                    """,
                    row => ids.Add(row.Text(0)),
                    caller.Project,
                    runIds.ToArray());
                return ids;
            },
            cancellation);
        await SettleEachAsync(caller, waiting, cancellation);
    }

    /// <summary>Moves what waits of all runs of the project.</summary>
    public async Task SettleAllAsync(Caller caller, CancellationToken cancellation)
    {
        var waiting = await database.ReadAsync(
            sql => sql.QueryAsync<string>(
                "SELECT run_id FROM runs WHERE project = @Project AND run_no IN (SELECT DISTINCT run_no FROM arrived_points)", new { caller.Project }),
            cancellation);
        await SettleEachAsync(caller, waiting, cancellation);
    }

    private async Task SettleEachAsync(Caller caller, IReadOnlyList<string> runIds, CancellationToken cancellation)
    {
        foreach (var runId in runIds)
        {
            await writes.RunAsync(
                caller,
                async change =>
                {
                    // The lock keeps a batch from arriving between the copy and the removal.
                    if (await runs.HoldRunAsync(change, runId) is { } run)
                        await RunsStore.SettleAsync(change, run.RunNo);
                    return true;
                },
                cancellation);
        }
    }
}

/// <summary>About how many points of each run have arrived since they were last moved; forgotten at a restart, when what waits goes with the next ones.</summary>
internal sealed class ArrivalCount
{
    private const int MostWaiting = 100_000;
    private const int MostRuns = 10_000;

    private readonly ConcurrentDictionary<long, int> _byRun = new();

    /// <summary>Counts points of a run; true where so many wait that they should be moved.</summary>
    public bool Add(long runNo, int points)
    {
        if (_byRun.Count > MostRuns)
            _byRun.Clear();
        if (_byRun.AddOrUpdate(runNo, points, (_, before) => before + points) < MostWaiting)
            return false;
        _byRun.TryRemove(runNo, out _);
        return true;
    }
}
