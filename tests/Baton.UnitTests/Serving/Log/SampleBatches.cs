using Baton.Inference;
using Baton.Serving.Models;

namespace Baton.UnitTests.Serving.Log;

/// <summary>Answers as a node gives them.</summary>
internal static class SampleBatches
{
    public const long Noon = 982_238_400_000_000; // 2001-02-15T12:00:00Z
    public const long Day = 86_400_000_000;

    /// <summary>An answer of the endpoint <c>flight-delay</c>: ids <c>PREFIX-0</c> …, one row a second from a time on.</summary>
    public static PredictionBatch Of(int rows, string prefix = "p", long start = Noon, LoggingPolicy? logging = null) => new()
    {
        Project = "default",
        Endpoint = "flight-delay",
        Arm = "champion",
        Version = "3",
        PackageDigest = "sha256:" + new string('a', 64),
        Ids = [.. Enumerable.Range(0, rows).Select(i => $"{prefix}-{i}")],
        EventTimes = [.. Enumerable.Range(0, rows).Select(i => start + i * 1_000_000L)],
        Inputs =
        [
            new Tensor("origin", [rows, 1], Enumerable.Range(0, rows).Select(i => $"A{i}").ToArray()),
            new Tensor("distance", [rows, 1], Enumerable.Range(0, rows).Select(i => i + 0.5f).ToArray()),
        ],
        Outputs = [new Tensor("probabilities", [rows, 2], Enumerable.Range(0, rows * 2).Select(i => i / 1000f).ToArray())],
        Scores = [.. Enumerable.Range(0, rows).Select(i => i / 100d)],
        LatencyUs = 1234,
        Propensity = 1,
        LoggedAt = Noon + 5,
        Logging = logging ?? LoggingPolicy.Everything,
    };
}
