using Baton.Database;
using Baton.Server.Platform.Access;

namespace Baton.Server.Platform.Ledger;

/// <summary>Reads what the ledger says of one subject and all below it up to a time, newest first, by the index of subjects.</summary>
internal sealed class ReadLedgerBackwards(BatonDatabase database)
{
    /// <param name="caller">Whose project.</param>
    /// <param name="subject">E.g. <c>models/flight-delay</c>: its own entries, and those of its versions.</param>
    /// <param name="actions">Actions to read; others are passed over.</param>
    /// <param name="until">Time of the newest entry, microseconds.</param>
    /// <param name="before">Entries with smaller numbers only.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<IReadOnlyList<LedgerEntry>> HandleAsync(
        Caller caller, string subject, IReadOnlyCollection<string> actions, long until, long before, int limit, CancellationToken cancellation) =>
        database.ReadAsync(
            sql =>
            {
                const string columns = "seq, id, project, at, actor, action, subject, evidence, detail, hash";
                var rest = $"seq < @before AND at <= @until AND {sql.Dialect.In("action", "@actions")}";
                return sql.QueryAsync<LedgerEntry>(
                    $"""
                    SELECT {columns} FROM ledger WHERE project = @Project AND subject = @subject AND {rest}
                    UNION ALL
                    SELECT {columns} FROM ledger WHERE project = @Project AND subject > @below AND subject < @behind AND {rest}
                    ORDER BY seq DESC LIMIT @limit
                    """,
                    // '0' follows '/': between the two lies all that is below the subject, and nothing else.
                    new { caller.Project, subject, below = subject + "/", behind = subject + "0", until, before, limit, actions = actions.ToArray() });
            },
            cancellation);
}
