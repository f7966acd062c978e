namespace Baton.Statistics;

/// <summary>
/// SplitMix64: a small generator of random numbers that gives each resample a stream of its own, so that a result depends on the seed alone and
/// not on threads or on the version of .NET.
/// </summary>
internal struct SplitMix
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private ulong _state;

    public SplitMix(ulong seed, int stream) => _state = Mix(Mix(seed) + (Golden * ((ulong)stream + 1)));

    /// <summary>A whole number from 0 up to, not including, <paramref name="bound"/>.</summary>
    public int Below(int bound)
    {
        _state += Golden;
        return (int)Math.BigMul(Mix(_state), (ulong)bound, out _);
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
