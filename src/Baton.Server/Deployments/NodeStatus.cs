namespace Baton.Server.Deployments;

/// <summary>A serving node's word on what it serves.</summary>
/// <param name="Node">Name of the node.</param>
/// <param name="Address">Where it answers inference.</param>
/// <param name="Endpoints">What it serves or tries to.</param>
/// <param name="Counters">Counts since its start.</param>
internal sealed record NodeStatus(string Node, string Address, IReadOnlyList<EndpointReport> Endpoints, IReadOnlyDictionary<string, long>? Counters);

/// <summary>How far a node is with one endpoint.</summary>
/// <param name="Project">Project of the endpoint; null for <c>default</c>.</param>
/// <param name="Endpoint">Endpoint.</param>
/// <param name="Version">Version, a number as text.</param>
/// <param name="State">One of <see cref="States"/>.</param>
/// <param name="Reason">Why it failed.</param>
internal sealed record EndpointReport(string? Project, string Endpoint, string Version, string State, string? Reason)
{
    public const string Loading = "loading";
    public const string Ready = "ready";
    public const string Failed = "failed";

    public static IReadOnlyList<string> States { get; } = [Loading, Ready, Failed];
}
