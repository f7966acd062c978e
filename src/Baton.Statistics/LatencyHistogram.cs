namespace Baton.Statistics;

/// <summary>
/// Latencies in bounded memory: every value while there are few, then log-linear buckets (128 to each doubling) whose middle is less than 0.4 % from any
/// value in them. Least, greatest and count stay exact. A request without an answer is one of infinite latency. Not safe for several threads at once.
/// </summary>
public sealed class LatencyHistogram
{
    /// <summary>Values up to which ranks are exact.</summary>
    public const int ExactValues = 8192;

    private const int PerDoubling = 128;
    private const int LeastExponent = -14;
    private const int GreatestExponent = 40;

    private List<double>? _values = [];
    private bool _sorted;
    private long[]? _buckets;

    /// <summary>A histogram of some latencies.</summary>
    /// <param name="latencies">Latencies, in any unit; 0 or more, or infinite.</param>
    public LatencyHistogram(params IEnumerable<double> latencies)
    {
        foreach (var latency in latencies)
            Add(latency);
    }

    /// <summary>Latencies, the infinite ones included.</summary>
    public long Count { get; private set; }

    /// <summary>Infinite ones: requests without a good answer.</summary>
    public long Infinite { get; private set; }

    /// <summary>The least finite latency; NaN for none.</summary>
    public double Least { get; private set; } = double.NaN;

    /// <summary>The greatest finite latency; NaN for none.</summary>
    public double Greatest { get; private set; } = double.NaN;

    /// <summary>Whether ranks are exact: no more than <see cref="ExactValues"/> latencies came in.</summary>
    public bool IsExact => _values is not null;

    /// <summary>Takes a latency in.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, or not a number.</exception>
    public void Add(double latency)
    {
        if (!(latency >= 0))
            throw new ArgumentOutOfRangeException(nameof(latency), latency, "A latency is 0 or more, or infinite.");
        Count++;
        if (double.IsPositiveInfinity(latency))
        {
            Infinite++;
            return;
        }

        Least = latency < Least || double.IsNaN(Least) ? latency : Least;
        Greatest = latency > Greatest || double.IsNaN(Greatest) ? latency : Greatest;
        _sorted = false;
        if (_values is null)
            _buckets![BucketOf(latency)]++;
        else
            _values.Add(latency);
        if (_values?.Count > ExactValues)
            FallBackOnBuckets();
    }

    /// <summary>Takes all of another histogram in.</summary>
    public void Merge(LatencyHistogram other)
    {
        if (other._values is { } values)
        {
            foreach (var value in values)
                Add(value);
        }
        else
        {
            FallBackOnBuckets();
            for (var i = 0; i < _buckets!.Length; i++)
                _buckets[i] += other._buckets![i];
            Count += other.Count - other.Infinite;
            Least = double.IsNaN(Least) ? other.Least : Math.Min(Least, other.Least);
            Greatest = double.IsNaN(Greatest) ? other.Greatest : Math.Max(Greatest, other.Greatest);
        }

        Count += other.Infinite;
        Infinite += other.Infinite;
    }

    /// <summary>The latency of a rank, 1 for the least; infinite beyond the answered ones.</summary>
    public double AtRank(long rank)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rank, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rank, Count);
        if (rank > Count - Infinite)
            return double.PositiveInfinity;
        if (_values is not null)
            return Sorted()[(int)(rank - 1)];
        if (rank == 1)
            return Least;
        var bucket = -1;
        for (long below = 0; below < rank; below += _buckets![bucket])
            bucket++;
        return rank == Count - Infinite ? Greatest : Math.Clamp(Middle(bucket), Least, Greatest);
    }

    /// <summary>How many latencies are greater than a bound, the infinite ones included.</summary>
    public long CountAbove(double bound)
    {
        if (_values is not null)
            return _values.Count(v => v > bound) + Infinite;
        if (!(Greatest > bound))
            return Infinite;
        return _buckets!.Where((_, i) => Middle(i) > bound).Sum() + Infinite;
    }

    /// <summary>The finite latencies in bars of equal width on a logarithmic scale, from the least to the greatest.</summary>
    /// <param name="bars">How many bars, at least 1.</param>
    public IReadOnlyList<LatencyBar> Bars(int bars)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bars);
        if (Count == Infinite)
            return [];
        var low = Math.Max(Least, Edge(0));
        var high = Math.Max(Greatest, low * 1.02);
        var step = Math.Log(high / low) / bars;
        var counts = new long[bars];
        void Take(double value, long count) => counts[Math.Clamp((int)(Math.Log(Math.Max(value, low) / low) / step), 0, bars - 1)] += count;
        if (_values is not null)
            _values.ForEach(v => Take(v, 1));
        for (var i = 0; i < _buckets?.Length; i++)
        {
            if (_buckets[i] > 0)
                Take(Math.Clamp(Middle(i), Least, Greatest), _buckets[i]);
        }

        return [.. counts.Select((count, i) => new LatencyBar(low * Math.Exp(i * step), low * Math.Exp((i + 1) * step), count))];
    }

    private static int BucketOf(double value)
    {
        if (value < Edge(0))
            return 0;
        var exponent = Math.Min(Math.ILogB(value), GreatestExponent);
        var within = (int)((Math.ScaleB(value, -exponent) - 1) * PerDoubling);
        return ((exponent - LeastExponent) * PerDoubling) + Math.Min(within, PerDoubling - 1);
    }

    private static double Edge(int bucket) =>
        Math.ScaleB(1 + ((double)(bucket % PerDoubling) / PerDoubling), (bucket / PerDoubling) + LeastExponent);

    private static double Middle(int bucket) => (Edge(bucket) + Edge(bucket + 1)) / 2;

    private List<double> Sorted()
    {
        if (!_sorted)
            _values!.Sort();
        _sorted = true;
        return _values!;
    }

    private void FallBackOnBuckets()
    {
        _buckets ??= new long[(GreatestExponent - LeastExponent + 1) * PerDoubling];
        foreach (var value in _values ?? [])
            _buckets[BucketOf(value)]++;
        _values = null;
    }
}

/// <summary>A bar of a histogram.</summary>
/// <param name="Low">Its lower edge.</param>
/// <param name="High">Its upper edge.</param>
/// <param name="Count">Latencies in it.</param>
public sealed record LatencyBar(double Low, double High, long Count);
