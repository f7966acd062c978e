using System.Text.Json;

namespace Baton.Contracts;

/// <summary>One logged prediction to run again through a version: what an agent's job of kind <c>replay</c> carries.</summary>
public sealed record ReplayRequest
{
    /// <summary>Registered model.</summary>
    public required string Model { get; init; }

    /// <summary>Version to run.</summary>
    public required string Version { get; init; }

    /// <summary>Its sealed files.</summary>
    public required Manifest Package { get; init; }

    /// <summary>Its claims, which name the model file and the score; null where it has none.</summary>
    public Claims? Claims { get; init; }

    /// <summary>The row's inputs: name to value, or to a list of values where an input takes several a row.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Inputs { get; init; }
}

/// <summary>What the run gave: outputs, or the fault that kept the model from answering.</summary>
public sealed record ReplayResult
{
    /// <summary>Outputs of the row: name to value, or to a list of values; null where there is a fault.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Outputs { get; init; }

    /// <summary>Score of the positive class, where the claims say which output it is.</summary>
    public double? Score { get; init; }

    /// <summary>Why there are no outputs, as a sentence.</summary>
    public string? Fault { get; init; }
}
