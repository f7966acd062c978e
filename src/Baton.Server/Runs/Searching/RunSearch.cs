using Baton.Server.Platform.Search;

namespace Baton.Server.Runs.Searching;

/// <summary>A search of runs, understood.</summary>
/// <param name="ExperimentIds">The experiments looked in; at least one.</param>
/// <param name="Lifecycle"><c>active</c>, <c>deleted</c>, or null for both.</param>
/// <param name="Condition">The filter; null matches all.</param>
/// <param name="Orders">The order asked for; start time and id follow.</param>
/// <param name="Digest">Tells this search from others in page tokens.</param>
internal sealed record RunSearch(
    IReadOnlyList<long> ExperimentIds, string? Lifecycle, Condition? Condition, IReadOnlyList<Ordering> Orders, string Digest);
