using Baton.Contracts;
using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Events;
using Baton.Server.Platform.Ids;

namespace Baton.Server.Platform.Ledger;

/// <summary>One write under way: its session, who makes it, and what it puts on record.</summary>
internal sealed class Change(Session sql, Caller caller, IdSource ids, long now)
{
    private readonly List<Event> _events = [];

    public Session Sql { get; } = sql;

    public Caller Caller { get; } = caller;

    public string Project => Caller.Project;

    /// <summary>Time of the change, microseconds.</summary>
    public long Now { get; } = now;

    /// <summary>What is to happen once the change is durable; never where it fails.</summary>
    public Action? Committed { get; set; }

    /// <summary>Whether subscribers hear of it.</summary>
    public bool HasEvents => _events.Count > 0;

    /// <summary>The next number of a gapless sequence; the row stays locked until commit, so numbers commit in order.</summary>
    public Task<long> NextAsync(string counter) => NextAsync(Sql, Project, counter);

    /// <summary>Puts a decision into the ledger, and an event of the same id into the outbox. Returns its number in the ledger.</summary>
    public async Task<long> RecordAsync(string action, string subject, object detail, string? evidence = null)
    {
        var seq = await NextAsync(Sql, "", "ledger");
        var entry = new LedgerEntry
        {
            Seq = seq,
            Id = ids.Next(),
            Project = Project,
            At = Now,
            Actor = Caller.Actor.Name,
            Action = action,
            Subject = subject,
            Evidence = evidence,
            Detail = Documents.Write(detail),
        };
        var before = seq == 1 ? "" : await Sql.ScalarAsync<string>("SELECT hash FROM ledger WHERE seq = @seq", new { seq = seq - 1 });
        await Sql.ExecuteAsync(
            """
            INSERT INTO ledger (seq, id, project, at, actor, action, subject, evidence, detail, hash)
            VALUES (@Seq, @Id, @Project, @At, @Actor, @Action, @Subject, @Evidence, @Detail, @Hash)
            """,
            entry with { Hash = entry.HashAfter(before) });
        Publish(entry.Id, action, subject, entry.Detail);
        return seq;
    }

    /// <summary>Tells subscribers of what is no decision, e.g. a tag: an event goes to the outbox, and nothing to the ledger.</summary>
    public Task PublishAsync(string type, string subject, object detail)
    {
        Publish(ids.Next(), type, subject, Documents.Write(detail));
        return Task.CompletedTask;
    }

    /// <summary>
    /// Writes the events down. It is the last thing of a write: the outbox's numbers stay locked until commit, and two writes must not wait for
    /// each other's.
    /// </summary>
    internal async Task CloseAsync()
    {
        if (_events.Count == 0)
            return;
        var last = await Sql.ScalarAsync<long>(
            """
            INSERT INTO counters (project, name, value) VALUES ('', 'outbox', @Count)
            ON CONFLICT (project, name) DO UPDATE SET value = counters.value + @Count
            RETURNING value
            """,
            new { _events.Count });
        await Sql.ExecuteAsync(
            """
            INSERT INTO outbox (seq, id, type, v, project, subject, actor, at, data)
            VALUES (@Seq, @Id, @Type, @V, @Project, @Subject, @Actor, @At, @Data)
            """,
            _events.Select((happened, place) => happened with { Seq = last - _events.Count + 1 + place }).ToList());
    }

    private void Publish(string id, string type, string subject, string data) => _events.Add(new Event
    {
        Id = id,
        Type = type,
        V = 1,
        Project = Project,
        Subject = subject,
        Actor = Caller.Actor.Name,
        At = Now,
        Data = data,
    });

    private static Task<long> NextAsync(Session sql, string project, string counter) => sql.ScalarAsync<long>(
        """
        INSERT INTO counters (project, name, value) VALUES (@project, @counter, 1)
        ON CONFLICT (project, name) DO UPDATE SET value = counters.value + 1
        RETURNING value
        """,
        new { project, counter });
}
