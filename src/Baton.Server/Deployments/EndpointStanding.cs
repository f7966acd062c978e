using System.Globalization;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Ids;

namespace Baton.Server.Deployments;

/// <summary>An endpoint with what the nodes say of it.</summary>
/// <param name="Name">Name.</param>
/// <param name="Current">What it serves; null where it is out of service.</param>
/// <param name="Nodes">The nodes heard of lately that have it, by name.</param>
/// <param name="State">How far the nodes are with what it is to serve.</param>
internal sealed record EndpointStanding(string Name, Deployment? Current, IReadOnlyList<NodeStanding> Nodes, string State)
{
    public const string Ready = "ready";
    public const string Loading = "loading";
    public const string Failed = "failed";
    public const string NoNode = "no_node";
    public const string Off = "off";

    /// <summary>Every deployment, newest first; empty where it was not asked for.</summary>
    public IReadOnlyList<Deployment> History { get; init; } = [];

    /// <param name="project">Project of the endpoint.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="live">Every node heard of lately, with when.</param>
    public static EndpointStanding Of(string project, Endpoint endpoint, IReadOnlyList<(NodeStatus Status, long SeenAt)> live)
    {
        var nodes = (from node in live
                     from served in node.Status.Endpoints
                     where served.Endpoint == endpoint.Name && (served.Project ?? Caller.DefaultProject) == project
                     select new NodeStanding(node.Status.Node, node.Status.Address, served.Version, served.State, served.Reason, Instants.FromMicros(node.SeenAt))).ToList();
        return new EndpointStanding(endpoint.Name, endpoint.Current, nodes, StateOf(endpoint.Current, nodes, live.Count));
    }

    /// <summary>A node that does not have the version yet counts as loading it.</summary>
    private static string StateOf(Deployment? current, IReadOnlyList<NodeStanding> nodes, int live)
    {
        if (current is null)
            return Off;
        if (live == 0)
            return NoNode;
        var version = current.Version.ToString(CultureInfo.InvariantCulture);
        var there = nodes.Where(n => n.Version == version).ToList();
        if (there.Any(n => n.State == EndpointReport.Failed))
            return Failed;
        return there.Where(n => n.State == EndpointReport.Ready).DistinctBy(n => n.Node).Count() == live ? Ready : Loading;
    }
}

/// <summary>One node's word on an endpoint.</summary>
internal sealed record NodeStanding(string Node, string Address, string Version, string State, string? Reason, DateTimeOffset SeenAt);
