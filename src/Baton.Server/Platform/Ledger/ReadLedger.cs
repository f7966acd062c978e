using System.Text.Json.Nodes;
using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ids;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Platform.Ledger;

/// <summary>Reads the ledger, oldest first; <c>subject</c> matches by prefix at a slash.</summary>
internal sealed class ReadLedger(BatonDatabase database)
{
    public const int MaxLimit = 1000;

    public async Task<IReadOnlyList<LedgerEntry>> HandleAsync(Caller caller, string? subject, long after, int limit, CancellationToken cancellation) =>
        await database.ReadAsync(
            sql => sql.QueryAsync<LedgerEntry>(
                """
                SELECT seq, id, project, at, actor, action, subject, evidence, detail, hash FROM ledger
                WHERE project = @Project AND seq > @after AND (@subject = '' OR subject = @subject OR substr(subject, 1, @length) = @prefix)
                ORDER BY seq LIMIT @limit
                """,
                new
                {
                    caller.Project,
                    after,
                    subject = subject ?? "",
                    prefix = subject + "/",
                    length = (subject?.Length ?? 0) + 1,
                    limit = Math.Clamp(limit, 1, MaxLimit),
                }),
            cancellation);

    /// <summary>Number of the newest entry, of all projects; 0 where there is none. While it stays, nothing that the ledger speaks of has changed.</summary>
    public static Task<long> HeadAsync(Session sql) => sql.ScalarAsync<long>("SELECT COALESCE(MAX(seq), 0) FROM ledger");

    /// <summary>Newest first: those before a number, or the last ones. For pages that people read.</summary>
    public Task<IReadOnlyList<LedgerEntry>> LatestAsync(Caller caller, string? subject, long? before, int limit, CancellationToken cancellation) =>
        database.ReadAsync(
            sql => sql.QueryAsync<LedgerEntry>(
                """
                SELECT seq, id, project, at, actor, action, subject, evidence, detail, hash FROM ledger
                WHERE project = @Project AND seq < @before AND (@subject = '' OR subject = @subject OR substr(subject, 1, @length) = @prefix)
                ORDER BY seq DESC LIMIT @limit
                """,
                new
                {
                    caller.Project,
                    before = before ?? long.MaxValue,
                    subject = subject ?? "",
                    prefix = subject + "/",
                    length = (subject?.Length ?? 0) + 1,
                    limit = Math.Clamp(limit, 1, MaxLimit),
                }),
            cancellation);

    /// <summary>Checks the chain of hashes over all projects; the number of the first row that does not fit, or null.</summary>
    public async Task<long?> FirstBrokenAsync(CancellationToken cancellation)
    {
        var hash = "";
        for (var after = 0L; ;)
        {
            var from = after;
            var entries = await database.ReadAsync(
                sql => sql.QueryAsync<LedgerEntry>(
                    "SELECT seq, id, project, at, actor, action, subject, evidence, detail, hash FROM ledger WHERE seq > @from ORDER BY seq LIMIT 1000",
                    new { from }),
                cancellation);
            if (entries.Count == 0)
                return null;
            foreach (var entry in entries)
            {
                if (entry.Seq != after + 1 || entry.HashAfter(hash) != entry.Hash)
                    return after + 1;
                hash = entry.Hash;
                after = entry.Seq;
            }
        }
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("GET", "ledger", Permission.ReadLedger, async (
        Caller caller, ReadLedger read, string? subject, long? after, int? limit, CancellationToken cancellation) =>
    {
        var most = Math.Clamp(limit ?? 100, 1, MaxLimit);
        var entries = await read.HandleAsync(caller, subject, after ?? 0, most, cancellation);
        return Results.Json(
            new LedgerPage([.. entries.Select(LedgerRow.Of)], entries.Count == most ? entries[^1].Seq : null),
            Contracts.Documents.Compact);
    });

    private sealed record LedgerPage(IReadOnlyList<LedgerRow> Entries, long? Next);

    private sealed record LedgerRow(long Seq, string Id, DateTimeOffset At, string Actor, string Action, string Subject, string? Evidence, JsonNode Detail)
    {
        public static LedgerRow Of(LedgerEntry e) =>
            new(e.Seq, e.Id, Instants.FromMicros(e.At), e.Actor, e.Action, e.Subject, e.Evidence, JsonNode.Parse(e.Detail)!);
    }
}
