using Baton.Database;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Runs.History;

/// <summary>All SQL of the list of a run's metrics, and of its series of texts.</summary>
internal sealed class SeriesStore
{
    /// <summary>A run's metrics by key, after one of them.</summary>
    public async Task<IReadOnlyList<MetricSummary>> SummariesAsync(Session sql, long runNo, string after, int most)
    {
        var found = new List<MetricSummary>();
        await sql.ReadPreparedAsync(
            """
            SELECT key, value, is_nan, at, step, step_micros, min_value, max_value,
                (SELECT COUNT(*) FROM metrics m WHERE m.run_no = $1 AND m.key_no = page.key_no) AS points
            FROM (
                SELECT k.key, l.key_no, l.value, l.is_nan, l.at, l.step, l.step_micros, l.min_value, l.max_value FROM latest_metrics l
                JOIN log_keys k ON k.key_no = l.key_no WHERE l.run_no = $1 AND k.key > $2 ORDER BY k.key LIMIT $3) page
            ORDER BY key
            """,
            row => found.Add(new MetricSummary(
                row.Text(0),
                row.Flag(2) ? double.NaN : row.Real(1),
                row.Integer(3),
                new DecimalStep(row.Integer(4), row.Integer(5)),
                row.IsNull(6) ? null : row.Real(6),
                row.IsNull(7) ? null : row.Real(7),
                row.Integer(8))),
            runNo, after, (long)most);
        return found;
    }

    /// <summary>The number of a run; null where there is none.</summary>
    public async Task<long?> FindRunAsync(Session sql, string project, string runId)
    {
        long? found = null;
        await sql.ReadPreparedAsync("SELECT run_no FROM runs WHERE project = $1 AND run_id = $2", row => found = row.Integer(0), project, runId);
        return found;
    }

    /// <summary>A run's series of texts by key, with the number of their points.</summary>
    public async Task<IReadOnlyList<(string Key, long Points)>> TextKeysAsync(Session sql, long runNo)
    {
        var found = new List<(string, long)>();
        await sql.ReadPreparedAsync(
            """
            SELECT k.key, COUNT(*) FROM text_points t JOIN log_keys k ON k.key_no = t.key_no WHERE t.run_no = $1 GROUP BY k.key ORDER BY k.key
            """,
            row => found.Add((row.Text(0), row.Integer(1))),
            runNo);
        return found;
    }

    /// <summary>Texts of a series by time and step, after one of them.</summary>
    public async Task<IReadOnlyList<TextPoint>> TextsAsync(Session sql, SeriesKey series, TextPlace after, int most)
    {
        var found = new List<TextPoint>();
        await sql.ReadPreparedAsync(
            """
            SELECT at, step, step_micros, digest, value FROM text_points
            WHERE run_no = $1 AND key_no = $2 AND (at, step, step_micros, digest) > ($3, $4, $5, $6)
            ORDER BY at, step, step_micros, digest LIMIT $7
            """,
            row => found.Add(new TextPoint(new TextPlace(row.Integer(0), new DecimalStep(row.Integer(1), row.Integer(2)), row.Text(3)), row.Text(4))),
            series.RunNo, series.KeyNo, after.At, after.Step.Whole, after.Step.Millionths, after.Digest, (long)most);
        return found;
    }

    /// <summary>Adds texts to a run; the same again is no change.</summary>
    public Task AddTextsAsync(Change change, long runNo, long[] keyNumbers, IReadOnlyList<TextPoint> points) => change.Sql.ExecuteRowsAsync(
        "INSERT INTO text_points (run_no, key_no, at, step, step_micros, digest, value) {rows} ON CONFLICT DO NOTHING",
        RowColumn.OfAll(runNo),
        RowColumn.Of(keyNumbers),
        RowColumn.Of([.. points.Select(p => p.Place.At)]),
        RowColumn.Of([.. points.Select(p => p.Place.Step.Whole)]),
        RowColumn.Of([.. points.Select(p => p.Place.Step.Millionths)]),
        RowColumn.Of([.. points.Select(p => (string?)p.Place.Digest)]),
        RowColumn.Of([.. points.Select(p => (string?)p.Text)]));
}

/// <summary>A metric of a run in one line.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Value">Its latest value.</param>
/// <param name="At">When that was logged, microseconds.</param>
/// <param name="Step">At which step.</param>
/// <param name="Least">The least value of all; null where all are NaN.</param>
/// <param name="Greatest">The greatest value of all; null where all are NaN.</param>
/// <param name="Points">How many points it has.</param>
internal sealed record MetricSummary(string Key, double Value, long At, DecimalStep Step, double? Least, double? Greatest, long Points);

/// <summary>Where a text stands in its series.</summary>
/// <param name="At">Microseconds since 1970.</param>
/// <param name="Step">Its step.</param>
/// <param name="Digest">SHA-256 of the text, hex: the last word where two texts share time and step.</param>
internal readonly record struct TextPlace(long At, DecimalStep Step, string Digest)
{
    public static TextPlace Start { get; } = new(-1, new DecimalStep(0, 0), "");
}

/// <summary>One text of a series.</summary>
internal sealed record TextPoint(TextPlace Place, string Text);
