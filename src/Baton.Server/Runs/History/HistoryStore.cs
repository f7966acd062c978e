using Baton.Database;

namespace Baton.Server.Runs.History;

/// <summary>All SQL that reads points of metrics: in the order of time for histories, by step for charts.</summary>
internal sealed class HistoryStore
{
    private const string InRange = "(step, step_micros) >= ($3, $4) AND (step, step_micros) <= ($5, $6)";
    private const string RealStep = "(CAST(step AS DOUBLE PRECISION) + CAST(step_micros AS DOUBLE PRECISION) / 1000000.0)";

    /// <summary>The series; null where there is no such run, or where the project knows no such key.</summary>
    public async Task<(bool HasRun, SeriesKey? Series)> FindAsync(Session sql, string project, string runId, string key)
    {
        (bool, SeriesKey?) found = default;
        await sql.ReadPreparedAsync(
            """
            SELECT r.run_no, k.key_no FROM runs r LEFT JOIN log_keys k ON k.project = r.project AND k.key = $3
            WHERE r.project = $1 AND r.run_id = $2
            """,
            row => found = (true, row.IntegerOrNull(1) is { } keyNo ? new SeriesKey(row.Integer(0), keyNo) : null),
            project, runId, key);
        return found;
    }

    /// <summary>Fills a block with the points that follow a place.</summary>
    public async Task FillAsync(Session sql, SeriesKey series, PointPlace after, StepRange range, PointBlock block)
    {
        block.Clear();
        await sql.ReadPreparedAsync(
            $"""
            SELECT at, step, step_micros, value, is_nan FROM metrics
            WHERE run_no = $1 AND key_no = $2 AND {InRange} AND (at, step, step_micros, value, is_nan) > ($7, $8, $9, $10, $11)
            ORDER BY at, step, step_micros, value, is_nan LIMIT $12
            """,
            row => block.Add(row.Integer(0), new DecimalStep(row.Integer(1), row.Integer(2)), row.Flag(4) ? double.NaN : row.Real(3)),
            series.RunNo, series.KeyNo, range.From.Whole, range.From.Millionths, range.To.Whole, range.To.Millionths,
            after.At, after.Step.Whole, after.Step.Millionths, after.Value, after.IsNan, (long)block.Capacity);
    }

    /// <summary>Where the series ends now; null where it has no point.</summary>
    public async Task<SeriesEnd?> EndAsync(Session sql, SeriesKey series)
    {
        PointPlace? last = null;
        await sql.ReadPreparedAsync(
            """
            SELECT at, step, step_micros, value, is_nan FROM metrics WHERE run_no = $1 AND key_no = $2
            ORDER BY at DESC, step DESC, step_micros DESC, value DESC, is_nan DESC LIMIT 1
            """,
            row => last = new PointPlace(row.Integer(0), new DecimalStep(row.Integer(1), row.Integer(2)), row.Real(3), row.Flag(4)),
            series.RunNo, series.KeyNo);
        if (last is not { } place)
            return null;
        var count = 0L;
        await sql.ReadPreparedAsync("SELECT COUNT(*) FROM metrics WHERE run_no = $1 AND key_no = $2", row => count = row.Integer(0), series.RunNo, series.KeyNo);
        return new SeriesEnd(count, place);
    }

    /// <summary>
    /// Tells a range of steps by the least and greatest value of each of <paramref name="buckets"/> equal parts. Null where it has no more points
    /// than that.
    /// </summary>
    public async Task<SampledSeries?> SampleAsync(Session sql, SeriesKey series, StepRange range, int buckets)
    {
        var (of, first, last) = (0L, 0.0, 0.0);
        await sql.ReadPreparedAsync(
            $"""
            SELECT COUNT(*), MIN({RealStep}), MAX({RealStep}) FROM metrics WHERE run_no = $1 AND key_no = $2 AND {InRange}
            """,
            row => (of, first, last) = (row.Integer(0), row.IsNull(1) ? 0 : row.Real(1), row.IsNull(2) ? 0 : row.Real(2)),
            series.RunNo, series.KeyNo, range.From.Whole, range.From.Millionths, range.To.Whole, range.To.Millionths);
        if (of <= buckets)
            return null;
        var width = (last - first) / buckets;
        if (width == 0)
            width = 1;
        var found = new List<SampledBucket>(buckets);
        await sql.ReadPreparedAsync(
            $"""
            SELECT bucket, MIN(real_step), MAX(real_step), MIN(at), MAX(at), MIN(value), MAX(value), COUNT(*) FROM (
                SELECT CASE WHEN {RealStep} >= $9 THEN $10 ELSE FLOOR(({RealStep} - $7) / $8) END AS bucket, {RealStep} AS real_step, at,
                    CASE WHEN is_nan THEN NULL ELSE value END AS value
                FROM metrics WHERE run_no = $1 AND key_no = $2 AND {InRange}) points
            GROUP BY bucket ORDER BY bucket
            """,
            row => found.Add(new SampledBucket
            {
                Number = (long)row.Real(0),
                FirstStep = row.Real(1),
                LastStep = row.Real(2),
                FirstAt = row.Integer(3),
                LastAt = row.Integer(4),
                Least = row.IsNull(5) ? null : row.Real(5),
                Greatest = row.IsNull(6) ? null : row.Real(6),
                Points = row.Integer(7),
            }),
            series.RunNo, series.KeyNo, range.From.Whole, range.From.Millionths, range.To.Whole, range.To.Millionths, first, width,
            first + (width * (buckets - 1)), (double)(buckets - 1));
        return new SampledSeries(of, width, found);
    }

    /// <summary>The numbers of runs by id; unknown ones are left out.</summary>
    public async Task<IReadOnlyDictionary<string, SeriesKey>> FindAsync(Session sql, string project, string[] runIds, string key)
    {
        var found = new Dictionary<string, SeriesKey>(StringComparer.Ordinal);
        await sql.ReadPreparedAsync(
            $"""
            SELECT r.run_id, r.run_no, k.key_no FROM runs r JOIN log_keys k ON k.project = r.project AND k.key = $3
            WHERE r.project = $1 AND {sql.Dialect.Among("r.run_id", "$2")}
            """,
            row => found[row.Text(0)] = new SeriesKey(row.Integer(1), row.Integer(2)),
            project, runIds, key);
        return found;
    }

    /// <summary>The least and greatest whole step of each series that has points.</summary>
    public async Task<IReadOnlyDictionary<long, (long First, long Last)>> WholeStepsAsync(Session sql, long keyNo, long[] runNumbers)
    {
        var found = new Dictionary<long, (long, long)>();
        await sql.ReadPreparedAsync(
            $"SELECT run_no, MIN(step), MAX(step) FROM metrics WHERE {sql.Dialect.Among("run_no", "$1")} AND key_no = $2 GROUP BY run_no",
            row => found[row.Integer(0)] = (row.Integer(1), row.Integer(2)),
            runNumbers, keyNo);
        return found;
    }

    /// <summary>How many different whole steps the series have in a window.</summary>
    public async Task<long> CountStepsAsync(Session sql, long keyNo, long[] runNumbers, long first, long last)
    {
        var count = 0L;
        await sql.ReadPreparedAsync(
            $"SELECT COUNT(*) FROM ({DistinctSteps(sql)}) steps", row => count = row.Integer(0), runNumbers, keyNo, first, last);
        return count;
    }

    /// <summary>Visits the different whole steps of the series in a window, ascending.</summary>
    public Task VisitStepsAsync(Session sql, long keyNo, long[] runNumbers, long first, long last, Action<long> visit) => sql.ReadPreparedAsync(
        $"{DistinctSteps(sql)} ORDER BY step", row => visit(row.Integer(0)), runNumbers, keyNo, first, last);

    /// <summary>Points of a series at some whole steps, by step, time and value; at most a block of them.</summary>
    public async Task FillAtAsync(Session sql, SeriesKey series, long[] steps, PointBlock block)
    {
        block.Clear();
        await sql.ReadPreparedAsync(
            $"""
            SELECT at, step, step_micros, value, is_nan FROM metrics WHERE run_no = $1 AND key_no = $2 AND {sql.Dialect.Among("step", "$3")}
            ORDER BY step, at, value LIMIT $4
            """,
            row => block.Add(row.Integer(0), new DecimalStep(row.Integer(1), row.Integer(2)), row.Flag(4) ? double.NaN : row.Real(3)),
            series.RunNo, series.KeyNo, steps, (long)block.Capacity);
    }

    private static string DistinctSteps(Session sql) =>
        $"SELECT DISTINCT step FROM metrics WHERE {sql.Dialect.Among("run_no", "$1")} AND key_no = $2 AND step >= $3 AND step <= $4";
}
