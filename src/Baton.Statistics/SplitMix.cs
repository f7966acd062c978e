namespace Baton.Statistics;

/// <summary>
/// SplitMix64: a small generator of random numbers that gives each resample a stream of its own, so that a result depends on the seed alone and
/// not on threads or on the version of .NET.
/// </summary>
internal struct SplitMix
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>Chance of at most so many, in 2³²ths.</summary>
    private static readonly uint[] Cumulative = MakeCumulative();

    /// <summary>By the first eight bits: the least count they leave open.</summary>
    private static readonly byte[] Likely =
        [.. Enumerable.Range(0, 256).Select(top => (byte)Cumulative.TakeWhile(share => share <= (uint)top << 24).Count())];

    private ulong _state;

    public SplitMix(ulong seed, int stream) => _state = Mix(Mix(seed) + (Golden * ((ulong)stream + 1)));

    /// <summary>A whole number from 0 up to, not including, <paramref name="bound"/>.</summary>
    public int Below(int bound)
    {
        _state += Golden;
        return (int)Math.BigMul(Mix(_state), (ulong)bound, out _);
    }

    /// <summary>
    /// Fills with counts of a Poisson distribution of mean 1, two a random number, exact to 2⁻³². The first eight bits tell most counts at once.
    /// </summary>
    public void FillPoisson(Span<int> counts)
    {
        for (var i = 0; i < counts.Length; i += 2)
        {
            _state += Golden;
            var bits = Mix(_state);
            counts[i] = Count((uint)bits);
            if (i + 1 < counts.Length)
                counts[i + 1] = Count((uint)(bits >> 32));
        }
    }

    private static int Count(uint share)
    {
        int count = Likely[share >> 24];
        while (count < Cumulative.Length && share >= Cumulative[count])
            count++;
        return count;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    private static uint[] MakeCumulative()
    {
        var shares = new List<uint>();
        var (term, sum) = (Math.Exp(-1), 0.0);
        for (var count = 0; (sum += term) * (1UL << 32) < uint.MaxValue; term /= ++count)
            shares.Add((uint)Math.Round(sum * (1UL << 32)));
        return [.. shares];
    }
}
