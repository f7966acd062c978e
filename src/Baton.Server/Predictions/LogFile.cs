using Baton.Storage;

namespace Baton.Server.Predictions;

/// <summary>What a log file holds.</summary>
internal enum LogKind
{
    /// <summary>Prediction rows of one event day.</summary>
    Predictions,

    /// <summary>Labels that became known on one day.</summary>
    Labels,
}

/// <summary>One sealed Parquet blob of an endpoint's log.</summary>
internal sealed record LogFile
{
    public string Project { get; init; } = "";

    public string Endpoint { get; init; } = "";

    public string Id { get; init; } = "";

    /// <summary>Its day, UTC, <c>yyyy-MM-dd</c>: of the events, or of the labels' becoming known.</summary>
    public string Day { get; init; } = "";

    public string Digest { get; init; } = "";

    public long RowCount { get; init; }

    /// <summary>Earliest time in it, microseconds; of events, or of becoming known.</summary>
    public long FromTime { get; init; }

    /// <summary>Latest time in it, microseconds.</summary>
    public long ToTime { get; init; }

    /// <summary>Smallest prediction id in it, by code point: a look-up skips files that cannot hold an id.</summary>
    public string FirstId { get; init; } = "";

    /// <summary>Greatest prediction id in it.</summary>
    public string LastId { get; init; } = "";

    /// <summary>The file that holds its rows since a merge; null where this one does.</summary>
    public string? MergedInto { get; init; }

    public Digest Blob => Storage.Digest.Parse(Digest);

    /// <summary>Who holds its blob.</summary>
    public string Holder => HolderOf(Endpoint, Id);

    public static string HolderOf(string endpoint, string id) => $"endpoints/{endpoint}/log/{id}";
}
