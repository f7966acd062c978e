namespace Baton.Statistics;

/// <summary>Holm's correction (1979): so many tests at once, and still the chance of any false alarm is kept.</summary>
public static class Holm
{
    /// <summary>Adjusted p-values in the order given: below a level, the test is significant at that level for the whole family.</summary>
    /// <param name="pValues">Each 0 to 1.</param>
    public static IReadOnlyList<double> Adjust(IReadOnlyList<double> pValues)
    {
        if (pValues.Any(p => p is not (>= 0 and <= 1)))
            throw new ArgumentException("A p-value lies outside 0 to 1.", nameof(pValues));
        var adjusted = new double[pValues.Count];
        var most = 0.0;
        foreach (var (place, test) in Enumerable.Range(0, pValues.Count).OrderBy(test => pValues[test]).Index())
            adjusted[test] = most = Math.Max(most, Math.Min(1, (pValues.Count - place) * pValues[test]));
        return adjusted;
    }
}
