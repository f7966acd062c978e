using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Baton.Serving.Protocol;

/// <summary>What is counted of inference requests. Unknown endpoints are counted under no name: a name that callers choose must not grow the metrics.</summary>
internal sealed class InferenceMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Baton.Serving.Inference";

    private readonly Counter<long> _requests;
    private readonly Counter<long> _rows;
    private readonly Histogram<double> _duration;

    /// <summary>Makes the instruments.</summary>
    public InferenceMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _requests = meter.CreateCounter<long>("baton.inference.requests", "{request}", "Inference requests by endpoint, version and status");
        _rows = meter.CreateCounter<long>("baton.inference.rows", "{row}", "Rows predicted by endpoint and version");
        _duration = meter.CreateHistogram(
            "baton.inference.duration", "s", "Time from the first byte of a request to its answer written",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10] });
    }

    /// <summary>Counts one request.</summary>
    public void Record(string endpoint, string version, int status, int rows, TimeSpan duration)
    {
        var tags = new TagList { { "endpoint", endpoint }, { "version", version } };
        if (status == 200)
        {
            _rows.Add(rows, tags);
            _duration.Record(duration.TotalSeconds, tags);
        }

        tags.Add("status", status);
        _requests.Add(1, tags);
    }
}
