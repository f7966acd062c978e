using Baton.Database;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Imports;

/// <summary>All SQL of the room: what was imported from where.</summary>
internal sealed class ImportsStore
{
    /// <summary>Those of a source's things that were imported, with what became of them.</summary>
    public Task<IReadOnlyList<MarkRow>> FindAsync(Session sql, string project, string source, string kind, IReadOnlyList<string> ids) => sql.QueryAsync<MarkRow>(
        $"SELECT source_id, digest, target FROM imports WHERE project = @project AND source = @source AND kind = @kind AND {sql.Dialect.In("source_id", "@ids")}",
        new { project, source, kind, ids = ids.ToArray() });

    public async Task<IReadOnlySet<long>> TargetsBelowAsync(Session sql, string project, string source, string kind, string prefix) =>
        (await sql.QueryAsync<string>(
            "SELECT target FROM imports WHERE project = @project AND source = @source AND kind = @kind AND substr(source_id, 1, @length) = @prefix",
            new { project, source, kind, prefix, length = CodePoints.Count(prefix) }))
        .Select(target => long.Parse(target, System.Globalization.CultureInfo.InvariantCulture)).ToHashSet();

    public async Task PutAsync(Change change, string source, string kind, IReadOnlyCollection<Mark> marks)
    {
        if (marks.Count == 0)
            return;
        // Each once and in one order: two who import the same things at once do not wait for each other in a circle.
        var rows = marks.GroupBy(m => m.Id, StringComparer.Ordinal).Select(g => g.Last()).OrderBy(m => m.Id, StringComparer.Ordinal).ToList();
        await change.Sql.ExecuteRowsAsync(
            """
            INSERT INTO imports (project, source, kind, source_id, digest, target, imported_at) {rows}
            ON CONFLICT (project, source, kind, source_id) DO UPDATE SET digest = excluded.digest, target = excluded.target, imported_at = excluded.imported_at
            """,
            RowColumn.OfAll(change.Project),
            RowColumn.OfAll(source),
            RowColumn.OfAll(kind),
            RowColumn.Of([.. rows.Select(m => (string?)m.Id)]),
            RowColumn.Of([.. rows.Select(m => (string?)m.Digest)]),
            RowColumn.Of([.. rows.Select(m => (string?)m.Target)]),
            RowColumn.OfAll(change.Now));
    }

    // Both engines count characters of a text by code point.

    /// <summary>A mark as it stands.</summary>
    public sealed record MarkRow
    {
        public string SourceId { get; init; } = "";

        public string Digest { get; init; } = "";

        public string Target { get; init; } = "";
    }
}
