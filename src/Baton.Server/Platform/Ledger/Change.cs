using Baton.Contracts;
using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Ids;

namespace Baton.Server.Platform.Ledger;

/// <summary>One write under way: its session, who makes it, and what it puts on record.</summary>
internal sealed class Change(Session sql, Caller caller, IdSource ids, long now)
{
    public Session Sql { get; } = sql;

    public Caller Caller { get; } = caller;

    public string Project => Caller.Project;

    /// <summary>Time of the change, microseconds.</summary>
    public long Now { get; } = now;

    public bool HasRecorded { get; private set; }

    /// <summary>The next number of a gapless sequence; the row stays locked until commit, so numbers commit in order.</summary>
    public Task<long> NextAsync(string counter) => NextAsync(Sql, Project, counter);

    /// <summary>Puts a decision into the ledger and, under the same number, an event into the outbox. Returns its sequence number.</summary>
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
        await Sql.ExecuteAsync(
            """
            INSERT INTO outbox (seq, id, type, v, project, subject, actor, at, data)
            VALUES (@Seq, @Id, @Action, 1, @Project, @Subject, @Actor, @At, @Detail)
            """,
            entry);
        HasRecorded = true;
        return seq;
    }

    private static Task<long> NextAsync(Session sql, string project, string counter) => sql.ScalarAsync<long>(
        """
        INSERT INTO counters (project, name, value) VALUES (@project, @counter, 1)
        ON CONFLICT (project, name) DO UPDATE SET value = counters.value + 1
        RETURNING value
        """,
        new { project, counter });
}
