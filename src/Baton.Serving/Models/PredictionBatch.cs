using Baton.Inference;

namespace Baton.Serving.Models;

/// <summary>The predictions of one answered request: one for each of its rows.</summary>
public sealed record PredictionBatch
{
    /// <summary>Project of the endpoint.</summary>
    public required string Project { get; init; }

    /// <summary>The endpoint that was called.</summary>
    public required string Endpoint { get; init; }

    /// <summary>The arm that answered.</summary>
    public required string Arm { get; init; }

    /// <summary>The version that answered.</summary>
    public required string Version { get; init; }

    /// <summary>Digest of its package.</summary>
    public required string PackageDigest { get; init; }

    /// <summary>Prediction ids by row: the caller's, or <c>{UUIDv7}:{row}</c> counted from 0.</summary>
    public required string[] Ids { get; init; }

    /// <summary>When what was predicted happened, by row: the caller's, or the time of the request; microseconds UTC.</summary>
    public required long[] EventTimes { get; init; }

    /// <summary>
    /// What the model was given, without the reserved inputs. The first dimension is the row; a tensor of another first dimension than there are ids
    /// belongs to every row as a whole.
    /// </summary>
    public required IReadOnlyList<Tensor> Inputs { get; init; }

    /// <summary>What it gave: all outputs, whichever of them the caller asked for. Rows as in <see cref="Inputs"/>.</summary>
    public required IReadOnlyList<Tensor> Outputs { get; init; }

    /// <summary>Score by row; null where the version names no score, or the output named does not have one for each row.</summary>
    public double[]? Scores { get; init; }

    /// <summary>Time of the whole request from its first byte read to the answer ready to be written, microseconds.</summary>
    public required long LatencyUs { get; init; }

    /// <summary>Probability that this arm answered the request, above 0 and up to 1.</summary>
    public required double Propensity { get; init; }

    /// <summary>When it was answered, microseconds UTC.</summary>
    public required long LoggedAt { get; init; }

    /// <summary>What of it may be kept.</summary>
    public required LoggingPolicy Logging { get; init; }
}
