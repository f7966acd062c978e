using Baton.Client;

namespace Baton.Serving.Node;

/// <summary>What a node knows of its work, as it is kept on disk.</summary>
/// <param name="Desired">What the control plane wished for last.</param>
/// <param name="Served">What answered last: where a wish cannot be had, it goes on serving, even after a restart.</param>
internal sealed record NodeState(DesiredState Desired, IReadOnlyList<DesiredEndpoint> Served);
