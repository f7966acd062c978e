using Baton.Serving.Models;

namespace Baton.Serving.Log;

/// <summary>Rows of the log out of an answer: sampled and redacted.</summary>
internal sealed class BatchRows : IDisposable
{
    private static readonly long Earliest = (DateTime.MinValue - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
    private static readonly long Latest = (DateTime.MaxValue - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private readonly RowJson _json = new();

    /// <summary>What the rows share.</summary>
    public static SpoolHead HeadOf(PredictionBatch batch) => new(
        batch.Project, batch.Endpoint, batch.Arm, batch.Version, batch.PackageDigest, batch.LoggedAt, batch.LatencyUs, batch.Propensity);

    /// <summary>The rows to keep of a part of an answer.</summary>
    /// <param name="batch">The answer.</param>
    /// <param name="head">What they share.</param>
    /// <param name="start">First row of the part.</param>
    /// <param name="end">Row after its last.</param>
    /// <param name="strange">Rows left out because no calendar has their event time, or they have no id: one would have the whole file refused.</param>
    public List<SpoolRow> Of(PredictionBatch batch, SpoolHead head, int start, int end, out int strange)
    {
        var rows = new List<SpoolRow>(end - start);
        strange = 0;
        for (var row = start; row < end; row++)
        {
            if (!Sampling.Keeps(batch.Ids[row], batch.Logging.Sample))
                continue;
            if (batch.Ids[row].Length == 0 || batch.EventTimes[row] < Earliest || batch.EventTimes[row] > Latest)
            {
                strange++;
                continue;
            }

            rows.Add(new SpoolRow(
                head, batch.Ids[row], batch.EventTimes[row], batch.Scores?[row],
                _json.Write(batch.Inputs, row, batch.Ids.Length, batch.Logging.Redact), _json.Write(batch.Outputs, row, batch.Ids.Length, [])));
        }

        return rows;
    }

    /// <summary>About how much memory an answer holds, bytes.</summary>
    public static long SizeOf(PredictionBatch batch) =>
        batch.Ids.Length * 64L + batch.Inputs.Concat(batch.Outputs).Sum(tensor => tensor.Values is string[] texts ? texts.Sum(t => 24L + 2 * t.Length) : tensor.Values.Length * 8L);

    public void Dispose() => _json.Dispose();
}
