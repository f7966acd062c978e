using System.Text;

namespace Baton.Server.Predictions;

/// <summary>What turned out to be true of a prediction; the greatest revision counts.</summary>
internal sealed record Label
{
    public string PredictionId { get; init; } = "";

    public long Revision { get; init; }

    /// <summary>Text; a number as JSON writes it, a boolean as <c>true</c> or <c>false</c>.</summary>
    public string Value { get; init; } = "";

    /// <summary>When it became known, microseconds.</summary>
    public long KnownAt { get; init; }

    /// <summary>When Baton heard of it, microseconds.</summary>
    public long ReceivedAt { get; init; }

    /// <summary>The smallest and the greatest prediction id, in the order of UTF-8 bytes that the databases and the files have.</summary>
    public static (string First, string Last) RangeOf(IReadOnlyList<Label> labels)
    {
        var ids = labels.Select(l => (Id: l.PredictionId, Bytes: Encoding.UTF8.GetBytes(l.PredictionId)));
        var (first, last) = (ids.First(), ids.First());
        foreach (var id in ids)
        {
            if (id.Bytes.AsSpan().SequenceCompareTo(first.Bytes) < 0)
                first = id;
            if (id.Bytes.AsSpan().SequenceCompareTo(last.Bytes) > 0)
                last = id;
        }

        return (first.Id, last.Id);
    }
}
