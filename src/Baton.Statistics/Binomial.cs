namespace Baton.Statistics;

/// <summary>
/// The binomial distribution, summed outwards from its mode until terms no longer count: no gamma function, no underflow,
/// about as many terms as a dozen standard deviations.
/// </summary>
internal sealed class Binomial
{
    private const double Negligible = 1e-30;

    private readonly int _first;
    private readonly double[] _cumulative;

    public Binomial(int trials, double chance)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(trials);
        if (chance is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(chance), chance, "A chance lies between 0 and 1.");

        var mode = Math.Min(trials, (int)((trials + 1) * chance));
        var odds = chance / (1 - chance);
        var below = new List<double>();
        for (var (k, term) = (mode, 1.0); k > 0; k--)
        {
            term *= k / ((trials - k + 1) * odds);
            if (term < Negligible)
                break;
            below.Add(term);
        }

        below.Reverse();
        var terms = below;
        _first = mode - terms.Count;
        terms.Add(1);
        for (var (k, term) = (mode, 1.0); k < trials; k++)
        {
            term *= (trials - k) * odds / (k + 1);
            if (term < Negligible)
                break;
            terms.Add(term);
        }

        var total = terms.Sum();
        var sum = 0.0;
        _cumulative = [.. terms.Select(term => (sum += term) / total)];
    }

    /// <summary>Chance of at most <paramref name="successes"/>.</summary>
    public double AtMost(int successes) =>
        successes < _first ? 0 : successes - _first >= _cumulative.Length ? 1 : _cumulative[successes - _first];
}
