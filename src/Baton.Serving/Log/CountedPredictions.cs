using Baton.Serving.Models;
using Baton.Serving.Node;

namespace Baton.Serving.Log;

/// <summary>Without a control plane nobody keeps predictions: they are counted and let go.</summary>
internal sealed class CountedPredictions(ServingMeter meter) : IPredictionSink
{
    public bool TryAppend(PredictionBatch batch)
    {
        meter.CountPredictions(batch.Ids.Length);
        return true;
    }
}
