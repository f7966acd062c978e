namespace Baton.Serving.Models;

/// <summary>What is said of a version behind an endpoint in a status report.</summary>
/// <param name="Project">Project of the endpoint.</param>
/// <param name="Endpoint">Its name.</param>
/// <param name="Version">The version.</param>
/// <param name="State">How far it is.</param>
/// <param name="Reason">Why it failed; null where it did not.</param>
public sealed record EndpointStatus(string Project, string Endpoint, string Version, EndpointState State, string? Reason);
