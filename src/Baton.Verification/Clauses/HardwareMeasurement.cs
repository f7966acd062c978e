using Baton.Inference.Execution;
using Baton.Verification.Load;

namespace Baton.Verification.Clauses;

/// <summary>What was measured for a clause on a named machine, as far as it came.</summary>
internal sealed record HardwareMeasurement
{
    /// <summary>The load of the clause's scenario.</summary>
    public LoadFindings? Main { get; init; }

    /// <summary>The load that throughput is read from.</summary>
    public LoadFindings? Throughput { get; init; }

    /// <summary>The load that the time of a batch is extrapolated from.</summary>
    public LoadFindings? Batch { get; init; }

    /// <summary>Memory before the model was loaded.</summary>
    public ProcessMemory Empty { get; init; } = new(0, 0);

    /// <summary>Memory after the clause's load.</summary>
    public ProcessMemory? Loaded { get; init; }

    /// <summary>What it held when it was stopped for its memory; null where it was not.</summary>
    public ModelProcessFailure.OutOfMemory? Stopped { get; init; }

    /// <summary>Times from start to first answer.</summary>
    public IReadOnlyList<TimeSpan> ColdStarts { get; init; } = [];

    /// <summary>Why those are noisy.</summary>
    public IReadOnlyList<string> ColdStartNoise { get; init; } = [];

    /// <summary>Execution provider that really ran.</summary>
    public string? Provider { get; init; }
}
