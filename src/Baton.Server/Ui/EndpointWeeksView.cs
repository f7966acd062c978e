using Baton.Server.Monitoring;

namespace Baton.Server.Ui;

/// <summary>Hands an endpoint's weeks from a page to its part: components are public, what they show is not.</summary>
public sealed class EndpointWeeksView
{
    internal EndpointWeeksView(IReadOnlyList<PerformanceWeek> weeks) => Of = weeks;

    /// <summary>Oldest first.</summary>
    internal IReadOnlyList<PerformanceWeek> Of { get; }
}
