namespace Baton.Inference;

/// <summary>What really ran a model, as the runtime tells it.</summary>
/// <param name="Build">The build: version, commit, flags.</param>
/// <param name="Providers">Execution providers that the model's operators were given to, e.g. <c>CPUExecutionProvider</c>; empty where all were folded away.</param>
public sealed record RuntimeFacts(string Build, IReadOnlyList<string> Providers);
