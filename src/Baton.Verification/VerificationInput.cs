using Baton.Contracts;
using Baton.Inference.Execution;

namespace Baton.Verification;

/// <summary>One candidate to verify, with all its files on disk.</summary>
public sealed record VerificationInput
{
    /// <summary>What is demanded.</summary>
    public required Contract Contract { get; init; }

    /// <summary>What is said of the candidate.</summary>
    public required Claims Claims { get; init; }

    /// <summary>Folder of the candidate's package. <c>claims.json</c>, <c>contract.yaml</c> and the reference predictions in it are not of the package.</summary>
    public required string PackageDirectory { get; init; }

    /// <summary>The candidate's reference predictions (Parquet); null where there are none.</summary>
    public string? ReferenceFile { get; init; }

    /// <summary>Folder that the files of <see cref="DatasetClaim.Path"/> lie in, below their paths; null where none were brought.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>The version in production; null where there is none, or it is the candidate.</summary>
    public ProductionInput? Production { get; init; }

    /// <summary>Number of a version in production that has no claims, so that nothing can be compared with it; else null.</summary>
    public string? UncomparableProduction { get; init; }

    /// <summary>How model processes are started, and what they may use.</summary>
    public required ModelProcessOptions ModelProcess { get; init; }

    /// <summary>Clock. <value>the system's.</value></summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Seed of resamples and arrival times: the same seed gives the same intervals. <value>20,090,101.</value></summary>
    public int Seed { get; init; } = 20_090_101;
}

/// <summary>The version in production, with its files on disk.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Claims">What is said of it.</param>
/// <param name="PackageDirectory">Folder of its package.</param>
/// <param name="ReferenceFile">Its reference predictions; null where there are none.</param>
public sealed record ProductionInput(string Version, Claims Claims, string PackageDirectory, string? ReferenceFile);

/// <summary>What the verifier is doing.</summary>
/// <param name="Clause">Name of the clause that it is for, e.g. <c>latency</c>.</param>
/// <param name="Text">What is being done, one short line.</param>
/// <param name="Fraction">Share of the whole that is done, 0 to 1.</param>
public sealed record VerificationProgress(string Clause, string Text, double Fraction);
