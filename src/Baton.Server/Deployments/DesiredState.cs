using System.Globalization;
using Baton.Contracts;

namespace Baton.Server.Deployments;

/// <summary>What serving nodes are to serve, in all projects, by project and endpoint.</summary>
/// <param name="Generation">Digest of the endpoints: another document has another, and the same has the same.</param>
/// <param name="Endpoints">One of each endpoint in service.</param>
internal sealed record DesiredState(long Generation, IReadOnlyList<DesiredEndpoint> Endpoints)
{
    /// <summary>53 bits, which every JSON reader keeps.</summary>
    private const int GenerationBits = 53;

    public static DesiredState Of(IReadOnlyList<DesiredEndpoint> endpoints)
    {
        var digest = Digests.Hex(Digests.Sha256(Documents.Write(endpoints)));
        return new DesiredState(long.Parse(digest[..16], NumberStyles.HexNumber, CultureInfo.InvariantCulture) >>> (64 - GenerationBits), endpoints);
    }
}

/// <summary>One version to serve.</summary>
internal sealed record DesiredEndpoint
{
    public required string Project { get; init; }

    public required string Endpoint { get; init; }

    /// <summary>Which part of the traffic it takes.</summary>
    public string Arm { get; init; } = "champion";

    public required string Model { get; init; }

    public required string Version { get; init; }

    public required Manifest Package { get; init; }

    public required string PackageDigest { get; init; }

    /// <summary>Whether it may run in the node's own process.</summary>
    public required bool Verified { get; init; }

    /// <summary>The claims that its verdict stands on, else the newest; null where none were submitted.</summary>
    public Claims? Claims { get; init; }

    public PredictionLogging Logging { get; init; } = PredictionLogging.Everything;
}

/// <summary>What to keep of the predictions.</summary>
/// <param name="Sample">Share of the requests, 0 to 1.</param>
/// <param name="Redact">Inputs whose values are not kept.</param>
internal sealed record PredictionLogging(double Sample, IReadOnlyList<string> Redact)
{
    public static readonly PredictionLogging Everything = new(1, []);
}
