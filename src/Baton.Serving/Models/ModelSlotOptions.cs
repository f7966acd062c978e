using Baton.Inference.Execution;

namespace Baton.Serving.Models;

/// <summary>How models are loaded.</summary>
public sealed record ModelSlotOptions
{
    /// <summary>How a worker process for an unverified model is started; null where none can be: such a model then fails to load.</summary>
    public ModelProcessOptions? Worker { get; init; }

    /// <summary>Pause before a dead worker is started again, doubled with every attempt that fails. <value>200 ms by default.</value></summary>
    public TimeSpan FirstRestart { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest such pause. <value>30 s by default.</value></summary>
    public TimeSpan LongestRestart { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A worker that lived this long starts with the shortest pause again. <value>60 s by default.</value></summary>
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Requests that may wait for one worker. <value>64 by default.</value></summary>
    public int WorkerQueue { get; init; } = 64;

    /// <summary>How long requests under way may hold up the end of a worker. <value>30 s by default.</value></summary>
    public TimeSpan DrainLimit { get; init; } = TimeSpan.FromSeconds(30);
}
