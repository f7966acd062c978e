using Baton.Storage.Query;
using Baton.Storage.Tables;

namespace Baton.Server.Predictions;

/// <summary>An endpoint's log as it stood at one moment: each label is in exactly one of a sealed file and the rows not sealed yet.</summary>
internal sealed record LogSnapshot(IReadOnlyList<LogFile> Predictions, IReadOnlyList<LogFile> Labels, IReadOnlyList<Label> Unsealed)
{
    /// <summary>Columns of a prediction row, in their order.</summary>
    public static IReadOnlyList<QueryColumn> PredictionColumns { get; } =
    [
        QueryColumn.Text("prediction_id"), QueryColumn.Text("endpoint"), QueryColumn.Text("arm"), QueryColumn.Text("version"), QueryColumn.Text("manifest_digest"),
        QueryColumn.Whole("event_time"), QueryColumn.Whole("logged_at"), QueryColumn.Text("inputs"), QueryColumn.Text("outputs"), QueryColumn.Number("score"),
        QueryColumn.Whole("latency_us"), QueryColumn.Number("propensity"),
    ];

    /// <summary>Columns of a label row, in their order.</summary>
    public static IReadOnlyList<QueryColumn> LabelColumns { get; } =
    [
        QueryColumn.Text("prediction_id"), QueryColumn.Whole("revision"), QueryColumn.Text("value"), QueryColumn.Whole("known_at"), QueryColumn.Whole("received_at"),
    ];

    /// <summary>
    /// Begins a query: <c>logged</c> has each prediction of the range once, as it was logged first, and <c>known</c> the last revision of each label.
    /// </summary>
    private const string With =
        """
        WITH logged AS (
            SELECT * FROM predictions
            WHERE event_time >= $from AND event_time < $to AND ($version = '' OR version = $version)
            QUALIFY row_number() OVER (PARTITION BY prediction_id ORDER BY logged_at, event_time) = 1),
        known AS (
            SELECT prediction_id, max(revision) AS revision, arg_max(value, revision) AS value, arg_max(known_at, revision) AS known_at
            FROM (SELECT prediction_id, revision, value, known_at FROM sealed UNION ALL SELECT prediction_id, revision, value, known_at FROM unsealed)
            GROUP BY prediction_id)

        """;

    /// <summary>A query over predictions joined with their labels.</summary>
    /// <param name="select">What follows <c>WITH</c>: a SELECT from <c>logged</c> and <c>known</c>.</param>
    /// <param name="from">First microsecond of event time.</param>
    /// <param name="to">The microsecond after the last.</param>
    /// <param name="version">Only this version's; null for all.</param>
    public BlobQuery Join(string select, long from, long to, string? version = null) => new(With + select)
    {
        Views = new Dictionary<string, BlobRows>
        {
            ["predictions"] = new([.. Predictions.Select(f => f.Blob)], PredictionColumns),
            ["sealed"] = new([.. Labels.Select(f => f.Blob)], LabelColumns),
        },
        Tables = new Dictionary<string, Table> { ["unsealed"] = TableOf(Unsealed) },
        Parameters = new Dictionary<string, object> { ["from"] = from, ["to"] = to, ["version"] = version ?? "" },
    };

    /// <summary>Labels as a table of <see cref="LabelColumns"/>.</summary>
    public static Table TableOf(IReadOnlyList<Label> labels) => new(
    [
        new Column("prediction_id", labels.Select(l => l.PredictionId).ToArray()),
        new Column("revision", labels.Select(l => l.Revision).ToArray()),
        new Column("value", labels.Select(l => l.Value).ToArray()),
        new Column("known_at", labels.Select(l => l.KnownAt).ToArray()),
        new Column("received_at", labels.Select(l => l.ReceivedAt).ToArray()),
    ]);
}
