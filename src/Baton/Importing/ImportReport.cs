namespace Baton.Importing;

/// <summary>What was found and what became of it: the sum of the last four is the first.</summary>
internal sealed class Tally
{
    public long Found { get; set; }

    public long Carried { get; set; }

    /// <summary>There already, as it was.</summary>
    public long Unchanged { get; set; }

    /// <summary>Left where it is, in a store that clients reach themselves.</summary>
    public long ByReference { get; set; }

    public long Skipped { get; set; }

    public long Renamed { get; set; }
}

/// <summary>Something that a person should know of one thing.</summary>
/// <param name="Kind">Kind of thing.</param>
/// <param name="Id">Which, as the source calls it.</param>
/// <param name="Outcome"><c>skipped</c>, <c>renamed</c>, <c>by_reference</c> or <c>changed</c>.</param>
/// <param name="Reason">What and why.</param>
internal sealed record Remark(string Kind, string Id, string Outcome, string Reason);

/// <summary>The loss report: nothing is left behind without a word.</summary>
internal sealed class ImportReport
{
    private const int MostRemarks = 10_000;

    private readonly Dictionary<string, Tally> _tallies = new(StringComparer.Ordinal);
    private readonly List<Remark> _remarks = [];
    private readonly Lock _lock = new();

    /// <summary>By kind, in the order of the report.</summary>
    public IReadOnlyList<(string Kind, Tally Tally)> Tallies
    {
        get
        {
            lock (_lock)
                return [.. _tallies.OrderBy(t => Place(t.Key)).ThenBy(t => t.Key, StringComparer.Ordinal).Select(t => (t.Key, t.Value))];
        }
    }

    public IReadOnlyList<Remark> Remarks
    {
        get
        {
            lock (_lock)
                return [.. _remarks];
        }
    }

    /// <summary>Remarks beyond what is kept.</summary>
    public long MoreRemarks { get; private set; }

    public bool HasCarried => Tallies.Any(t => t.Tally.Carried > 0);

    /// <summary>Whether something could not be brought at all.</summary>
    public bool HasLoss => Tallies.Any(t => t.Tally.Skipped > 0);

    public void Found(string kind, long count = 1) => Change(kind, t => t.Found += count);

    public void Carried(string kind, long count = 1) => Change(kind, t => t.Carried += count);

    public void Unchanged(string kind, long count = 1) => Change(kind, t => t.Unchanged += count);

    public void Skip(string kind, string id, string reason, long count = 1)
    {
        Change(kind, t => t.Skipped += count);
        Say(new Remark(kind, id, "skipped", reason));
    }

    public void ByReference(string kind, string id, string where)
    {
        Change(kind, t => t.ByReference++);
        Say(new Remark(kind, id, "by_reference", where));
    }

    public void Rename(string kind, string id, string now)
    {
        Change(kind, t => t.Renamed++);
        Say(new Remark(kind, id, "renamed", now));
    }

    /// <summary>Something was carried in another form.</summary>
    public void Note(string kind, string id, string what) => Say(new Remark(kind, id, "changed", what));

    private void Change(string kind, Action<Tally> change)
    {
        lock (_lock)
        {
            if (!_tallies.TryGetValue(kind, out var tally))
                _tallies[kind] = tally = new Tally();
            change(tally);
        }
    }

    private void Say(Remark remark)
    {
        lock (_lock)
        {
            if (_remarks.Count < MostRemarks)
                _remarks.Add(remark);
            else
                MoreRemarks++;
        }
    }

    private static int Place(string kind) => Kinds.All.ToList().IndexOf(kind) is var place && place < 0 ? int.MaxValue : place;
}
