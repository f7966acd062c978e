namespace Baton.Server.Runs.History;

/// <summary>The points of one key of one run, by the numbers their rows are kept under.</summary>
internal readonly record struct SeriesKey(long RunNo, long KeyNo);

/// <summary>Which steps are asked for; both ends belong to it.</summary>
internal readonly record struct StepRange(DecimalStep From, DecimalStep To)
{
    public static StepRange Everything { get; } = new(DecimalStep.Least, DecimalStep.Greatest);
}

/// <summary>How long a series is and how far it reaches.</summary>
/// <param name="Count">Its points.</param>
/// <param name="Last">The last of them in time.</param>
internal readonly record struct SeriesEnd(long Count, PointPlace Last)
{
    /// <summary>Names the state of a series: another point gives another mark. The place in it is where an append goes on.</summary>
    public string Mark => $"{Count}-{Last}";
}

/// <summary>What a bucket of neighbouring steps holds.</summary>
internal sealed record SampledBucket
{
    public long Number { get; init; }

    public double FirstStep { get; init; }

    public double LastStep { get; init; }

    public long FirstAt { get; init; }

    public long LastAt { get; init; }

    /// <summary>Null where every value is NaN.</summary>
    public double? Least { get; init; }

    /// <summary>Null where every value is NaN.</summary>
    public double? Greatest { get; init; }

    public long Points { get; init; }
}

/// <summary>A series told by the least and greatest value of each bucket of steps.</summary>
/// <param name="Of">How many points it tells of.</param>
/// <param name="Width">How many steps a bucket is wide.</param>
/// <param name="Buckets">By step; empty ones are left out.</param>
internal sealed record SampledSeries(long Of, double Width, IReadOnlyList<SampledBucket> Buckets);
