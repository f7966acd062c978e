namespace Baton.Serving.Models;

/// <summary>Takes predictions off the request path.</summary>
public interface IPredictionSink
{
    /// <summary>Takes a batch, which becomes its own, or drops it at once; never blocks and never throws.</summary>
    /// <returns>False where it was dropped.</returns>
    bool TryAppend(PredictionBatch batch);
}
