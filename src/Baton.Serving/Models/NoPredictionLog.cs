namespace Baton.Serving.Models;

/// <summary>A node without a control plane has nobody to send predictions to: they are let go.</summary>
public sealed class NoPredictionLog : IPredictionSink
{
    /// <inheritdoc />
    public bool TryAppend(PredictionBatch batch) => true;
}
