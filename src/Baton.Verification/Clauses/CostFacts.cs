using Baton.Contracts;
using Baton.Statistics;

namespace Baton.Verification.Clauses;

/// <summary>What a row costs on average, by the costs of errors that the contract names.</summary>
internal static class CostFacts
{
    /// <summary>The expected cost; nothing where the contract names none that fit.</summary>
    public static IEnumerable<Fact> Of(MetricSide side)
    {
        if (side.Costs is not { } costs)
            yield break;
        var currency = costs.Currency is { } unit ? $" {unit}" : "";
        var observations = side.Observations();
        if (observations.Costs is not null && Metrics.Find("expected_cost")!.Compute(observations).Value is { } cost)
            yield return new Fact("expected cost of a row", Phrases.Metric(cost) + currency);
        if (costs.PerUnit is { } perUnit && side.Answers.Predictions?.Numbers is not null && Metrics.Find("mean_absolute_error")!.Compute(observations).Value is { } error)
            yield return new Fact("expected cost of a row", Phrases.Metric(perUnit * error) + currency);
    }
}
