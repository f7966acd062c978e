namespace Baton.Importing;

/// <summary>
/// What a follower remembers of each run's folder, so that a look at a folder with thousands of finished runs costs one look at each one's
/// <c>meta.yaml</c>. It looks at sizes and times only: network file systems send no notices.
/// </summary>
internal sealed class FollowMemory
{
    private const int QuietAfter = 3;
    private const int EveryoneEach = 60;

    private readonly Dictionary<string, Seen> _seen = new(StringComparer.Ordinal);
    private long _pass;

    /// <summary>Begins another look.</summary>
    public void Next() => _pass++;

    /// <summary>Whether a folder need not be looked into now: it is finished, and was found as it was several times. Each is looked into now and then all the same.</summary>
    public bool IsQuiet(string folder, string meta)
    {
        var seen = Of(folder);
        var file = new FileInfo(meta);
        var stamp = file.Exists ? (file.Length, file.LastWriteTimeUtc) : default;
        if (stamp != seen.Stamp)
            (seen.Stamp, seen.Unchanged) = (stamp, 0);
        return seen.Finished && seen.Unchanged >= QuietAfter && _pass % EveryoneEach != 0;
    }

    /// <summary>How a folder was found.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="finished">Whether nothing more is to be expected there.</param>
    /// <param name="changed">Whether something was new.</param>
    public void Found(string folder, bool finished, bool changed)
    {
        var seen = Of(folder);
        seen.Finished = finished;
        seen.Unchanged = changed ? 0 : seen.Unchanged + 1;
    }

    /// <summary>How many bytes of each metric file are on the server.</summary>
    public Dictionary<string, long> BytesOf(string folder) => Of(folder).Bytes;

    private Seen Of(string folder) => _seen.TryGetValue(folder, out var seen) ? seen : _seen[folder] = new Seen();

    private sealed class Seen
    {
        public (long, DateTime) Stamp { get; set; }

        public bool Finished { get; set; }

        public int Unchanged { get; set; }

        public Dictionary<string, long> Bytes { get; } = new(StringComparer.Ordinal);
    }
}
