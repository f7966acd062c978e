using System.Globalization;

namespace Baton.Contracts.Reports;

/// <summary>One of the 28 tests.</summary>
/// <param name="Id">E.g. <c>D1</c>: data, <c>M</c> model, <c>I</c> infrastructure, <c>O</c> monitoring (operation).</param>
/// <param name="What">The test in a few words.</param>
/// <param name="Mark">1: done by machine on every version; 0.5: written down, or in part; 0: nothing at hand shows it.</param>
/// <param name="Why">What the mark comes from; for less than 1, what would earn the rest.</param>
public sealed record MlTest(string Id, string What, double Mark, string Why);

/// <summary>
/// The ML Test Score (Breck, Cai, Nielsen, Salib, Sculley: The ML Test Score, 2017), as far as evidence, claims and contract tell by themselves: 28 tests in
/// four groups; the total is the smallest of the four sums.
/// </summary>
public sealed record MlTestScore
{
    private static readonly (char Letter, string Name)[] GroupNames = [('D', "data"), ('M', "model"), ('I', "infrastructure"), ('O', "monitoring")];

    private MlTestScore(IReadOnlyList<MlTest> tests) => Tests = tests;

    /// <summary>All 28, in order.</summary>
    public IReadOnlyList<MlTest> Tests { get; }

    /// <summary>The four groups with their sums, 0 to 7.</summary>
    public IReadOnlyList<(string Name, double Sum)> Groups => [.. GroupNames.Select(g => (g.Name, Of(g.Name).Sum(t => t.Mark)))];

    /// <summary>The seven tests of a group.</summary>
    public IEnumerable<MlTest> Of(string group) => Tests.Where(t => t.Id[0] == Array.Find(GroupNames, g => g.Name == group).Letter);

    /// <summary>The score: the smallest of the four sums.</summary>
    public double Total => Groups.Min(g => g.Sum);

    /// <summary>Sum over all tests, 0 to 28.</summary>
    public double Automatic => Tests.Sum(t => t.Mark);

    /// <summary>The score in one line.</summary>
    public string Line =>
        $"ML Test Score {Written(Total)} ({string.Join(", ", Groups.Select(g => $"{g.Name} {Written(g.Sum)}"))}); {Written(Automatic)} of 28 from the evidence at hand";

    /// <summary>Marks a handover.</summary>
    public static MlTestScore Of(ReportSubject subject) => new(MlTestMarks.Of(subject));

    /// <summary>A mark as it is written: <c>0</c>, <c>0.5</c>, <c>1</c>.</summary>
    internal static string Written(double mark) => mark.ToString("0.#", CultureInfo.InvariantCulture);
}
