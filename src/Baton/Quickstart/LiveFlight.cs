using Baton.Verification.Datasets;

namespace Baton.Quickstart;

/// <summary>A flight at departure, and how it turned out.</summary>
internal sealed record LiveFlight
{
    public required string Id { get; init; }

    /// <summary>Departure, UTC.</summary>
    public required DateTime At { get; init; }

    public required float Hour { get; init; }

    public required float Weekday { get; init; }

    public required float Distance { get; init; }

    public required string Origin { get; init; }

    public required string Destination { get; init; }

    /// <summary>1 where it arrived more than 15 minutes late.</summary>
    public required long Late { get; init; }

    /// <summary>When that became known, UTC.</summary>
    public required DateTime KnownAt { get; init; }

    /// <summary>The flights of a Parquet file, in order of departure.</summary>
    public static async Task<IReadOnlyList<LiveFlight>> ReadAsync(string file, CancellationToken cancel)
    {
        var columns = await DatasetFile.ReadAsync(file, cancel);
        var (id, date, known) = ((string[])columns["id"], (DateTime[])columns["date"], (DateTime[])columns["label_date"]);
        var (hour, weekday, distance) = ((float[])columns["hour"], (float[])columns["weekday"], (float[])columns["distance"]);
        var (origin, destination, late) = ((string[])columns["origin"], (string[])columns["destination"], (long[])columns["late"]);
        return
        [
            .. Enumerable.Range(0, id.Length).Select(i => new LiveFlight
            {
                Id = id[i],
                At = DateTime.SpecifyKind(date[i], DateTimeKind.Utc),
                Hour = hour[i],
                Weekday = weekday[i],
                Distance = distance[i],
                Origin = origin[i],
                Destination = destination[i],
                Late = late[i],
                KnownAt = DateTime.SpecifyKind(known[i], DateTimeKind.Utc),
            }).OrderBy(f => f.At),
        ];
    }
}
