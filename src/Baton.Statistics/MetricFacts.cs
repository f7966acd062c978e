using System.Text.RegularExpressions;

namespace Baton.Statistics;

/// <summary>What a metric is.</summary>
/// <param name="Name">Its name; <c>K</c> stands for a whole number, <c>X</c> for a share.</param>
/// <param name="Tasks">The kind of model it is made for.</param>
/// <param name="GreaterIsBetter">Whether a greater value is the better one; where neither end is, the one that contracts bound most often.</param>
/// <param name="Lowest">Least value it can take; negative infinity where there is none.</param>
/// <param name="Highest">Greatest value it can take; positive infinity where there is none.</param>
/// <param name="Needs">What rows must have.</param>
/// <param name="Definition">Definition and source, in a line.</param>
public sealed partial record MetricFacts(
    string Name, string Tasks, bool GreaterIsBetter, double Lowest, double Highest, MetricNeeds Needs, string Definition)
{
    private static readonly Dictionary<string, MetricFacts> ByName = MetricTable.All.ToDictionary(facts => facts.Name);

    /// <summary>Facts of a metric or of the family it belongs to.</summary>
    internal static MetricFacts Of(string name)
    {
        if (ByName.TryGetValue(name, out var facts))
            return facts;
        return (ByName.GetValueOrDefault(Number().Replace(name, "K")) ?? ByName[Number().Replace(name, "X")]) with { Name = name };
    }

    [GeneratedRegex(@"(?<=_)\d*\.?\d+(?=_|$)")]
    private static partial Regex Number();
}
