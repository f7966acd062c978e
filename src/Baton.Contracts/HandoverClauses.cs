namespace Baton.Contracts;

/// <summary><c>package</c>: bounds on the package itself.</summary>
public sealed record PackageClause
{
    /// <summary>Size of all files, bytes, at most.</summary>
    public long? MaxSize { get; init; }

    /// <summary>Learned values, at most.</summary>
    public long? MaxParameters { get; init; }

    /// <summary>Version of the default ONNX operator set, at most.</summary>
    public int? MaxOpset { get; init; }
}

/// <summary><c>provenance</c>: what must be known of the model's making. What the claims say is checked with or without it.</summary>
public sealed record ProvenanceClause
{
    /// <summary>What can be required.</summary>
    public static IReadOnlyList<string> Facts { get; } = ["base_model", "clean_tree", "commit", "data", "environment", "licence", "run", "seed"];

    /// <summary>What the claims must name, of <see cref="Facts"/>.</summary>
    public IReadOnlyList<string> Require { get; init; } = [];

    /// <summary>SPDX ids of the licences that the model may stand under; empty for any.</summary>
    public IReadOnlyList<string> Licences { get; init; } = [];
}

/// <summary><c>security</c>.</summary>
public sealed record SecurityClause
{
    /// <summary>How pickles in the package are met: <c>forbidden</c>, <c>scanned</c> (only harmless ones) or <c>allowed</c>.</summary>
    public static IReadOnlyList<string> Pickles { get; } = ["forbidden", "scanned", "allowed"];

    /// <summary>One of <see cref="Pickles"/>; null for no such demand.</summary>
    public string? Pickle { get; init; }

    /// <summary>
    /// SHA-256 (<c>sha256:…</c>) of the public key, DER SubjectPublicKeyInfo, that must have signed the package (OpenSSF model signing); null for no such demand.
    /// </summary>
    public string? SignedBy { get; init; }
}

/// <summary><c>operations</c>: how the model is run once it is accepted. Kept and shown with the contract.</summary>
public sealed record OperationsTerms
{
    /// <summary>How it is rolled out, in words.</summary>
    public string? Rollout { get; init; }

    /// <summary>Greatest drift of inputs and predictions, as a population stability index.</summary>
    public double? MaxDrift { get; init; }

    /// <summary>Share of requests, 0 to 1, that must be answered in time.</summary>
    public double? Availability { get; init; }

    /// <summary>Window of the availability.</summary>
    public TimeSpan? Window { get; init; }

    /// <summary>Greatest age of a version in production.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>What answers when the model does not, in words.</summary>
    public string? Fallback { get; init; }
}
