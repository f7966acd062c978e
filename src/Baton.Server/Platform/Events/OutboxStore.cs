using Baton.Database;

namespace Baton.Server.Platform.Events;

/// <summary>All SQL about events after their commit; they are written in <c>Ledger/Change.cs</c>.</summary>
internal sealed class OutboxStore
{
    private const string Columns = "seq, id, type, v, project, subject, actor, at, data";

    /// <summary>Rows that one statement deletes, so that no write holds up the others for long.</summary>
    private const int TrimmedAtOnce = 5_000;

    /// <summary>What a subscriber has yet to hear of, oldest first, and how far the outbox goes at this moment.</summary>
    public async Task<Batch> NextAsync(Session sql, IEventSubscriber subscriber, int limit)
    {
        var cursor = await sql.FirstOrDefaultAsync<long?>("SELECT seq FROM event_cursors WHERE subscriber = @Name", new { subscriber.Name });
        var head = await sql.ScalarAsync<long>("SELECT COALESCE(MAX(seq), 0) FROM outbox");
        if (head <= (cursor ?? 0))
            return new Batch(cursor, head, []);
        var events = await sql.QueryAsync<Event>(
            $"SELECT {Columns} FROM outbox WHERE seq > @after AND {sql.Dialect.In("type", "@types")} ORDER BY seq LIMIT @limit",
            new { after = cursor ?? 0, types = subscriber.Types.ToArray(), limit });
        return new Batch(cursor, head, events);
    }

    /// <summary>Moves a subscriber on; never back.</summary>
    public Task<int> MoveAsync(Session sql, string subscriber, long seq) => sql.ExecuteAsync(
        """
        INSERT INTO event_cursors (subscriber, seq) VALUES (@subscriber, @seq)
        ON CONFLICT (subscriber) DO UPDATE SET seq = excluded.seq WHERE event_cursors.seq < excluded.seq
        """,
        new { subscriber, seq });

    public Task<int> ParkAsync(Session sql, ParkedEvent parked) => sql.ExecuteAsync(
        """
        INSERT INTO parked_events (subscriber, seq, id, type, v, project, subject, actor, at, data, error, parked_at)
        VALUES (@Subscriber, @Seq, @Id, @Type, @V, @Project, @Subject, @Actor, @At, @Data, @Error, @ParkedAt)
        ON CONFLICT (subscriber, seq) DO UPDATE SET error = excluded.error, parked_at = excluded.parked_at
        """,
        parked);

    /// <summary>Oldest first.</summary>
    public Task<IReadOnlyList<ParkedEvent>> ListParkedAsync(Session sql, string project) => sql.QueryAsync<ParkedEvent>(
        $"SELECT subscriber, {Columns}, error, parked_at FROM parked_events WHERE project = @project ORDER BY seq, subscriber LIMIT 1000", new { project });

    public Task<ParkedEvent?> FindParkedAsync(Session sql, string project, string subscriber, long seq) => sql.FirstOrDefaultAsync<ParkedEvent>(
        $"SELECT subscriber, {Columns}, error, parked_at FROM parked_events WHERE project = @project AND subscriber = @subscriber AND seq = @seq",
        new { project, subscriber, seq });

    public Task<int> UnparkAsync(Session sql, string subscriber, long seq) => sql.ExecuteAsync(
        "DELETE FROM parked_events WHERE subscriber = @subscriber AND seq = @seq", new { subscriber, seq });

    /// <summary>
    /// Deletes some of the events from before a time that every subscriber has heard of. A subscriber without a place in the stream yet has heard
    /// of none. Returns how many went.
    /// </summary>
    public async Task<int> TrimAsync(Session sql, IReadOnlyCollection<string> subscribers, long before)
    {
        var cursors = await sql.QueryAsync<Cursor>("SELECT subscriber, seq FROM event_cursors");
        if (cursors.Count == 0 || subscribers.Any(s => cursors.All(c => c.Subscriber != s)))
            return 0;
        return await sql.ExecuteAsync(
            """
            DELETE FROM outbox WHERE seq IN (SELECT seq FROM outbox WHERE seq <= @slowest AND at < @before ORDER BY seq LIMIT @most)
            """,
            new { slowest = cursors.Min(c => c.Seq), before, most = TrimmedAtOnce });
    }

    /// <param name="Cursor">How far the subscriber has come; null where it never heard of anything.</param>
    /// <param name="Head">Number of the newest event of all.</param>
    /// <param name="Events">Those of its types, oldest first.</param>
    internal sealed record Batch(long? Cursor, long Head, IReadOnlyList<Event> Events);

    private sealed record Cursor
    {
        public string Subscriber { get; init; } = "";

        public long Seq { get; init; }
    }
}
