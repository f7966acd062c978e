using Baton.Inference;

namespace Baton.Serving.Protocol;

/// <summary>A request that fits its model.</summary>
internal sealed record InferenceRequest
{
    /// <summary>Name of the reserved input and output that carries prediction ids.</summary>
    public const string IdName = "baton.id";

    /// <summary>Name of the reserved input that carries event times.</summary>
    public const string TimeName = "baton.time";

    /// <summary>The caller's name of the request, given back to it; null where there is none.</summary>
    public string? Id { get; init; }

    /// <summary>The model's inputs in its order.</summary>
    public required IReadOnlyList<Tensor> Inputs { get; init; }

    /// <summary>Names of the outputs asked for, in the order wished; null for all.</summary>
    public IReadOnlyList<string>? Outputs { get; init; }

    /// <summary>Number of rows: the first dimension of the first input; 1 where it has none.</summary>
    public required int Rows { get; init; }

    /// <summary>Prediction ids by row; null where the caller gave none.</summary>
    public string[]? PredictionIds { get; init; }

    /// <summary>Event times by row, microseconds UTC; null where the caller gave none.</summary>
    public long[]? EventTimes { get; init; }
}
