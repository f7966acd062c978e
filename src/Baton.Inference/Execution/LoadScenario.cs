namespace Baton.Inference.Execution;

/// <summary>How requests come: the scenarios of MLPerf Inference (https://arxiv.org/abs/1911.02549, section IV).</summary>
public enum LoadScenario
{
    /// <summary>Poisson arrivals at a mean rate, planned ahead of time; a latency counts from the planned arrival.</summary>
    Server,

    /// <summary>One request after the other; a latency counts from its sending.</summary>
    SingleStream,

    /// <summary>As <see cref="SingleStream"/>, with <see cref="BenchPlan.SamplesPerQuery"/> samples in a request.</summary>
    MultiStream,

    /// <summary>Everything at once: as many requests under way as there are streams. It is the throughput that counts.</summary>
    Offline,
}
