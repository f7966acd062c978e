namespace Baton.Verification.Load;

/// <summary>A bench that cannot be run as asked; the message says why and what to do.</summary>
public sealed class BenchException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether it is the endpoint that does not answer.</summary>
    public bool Unreachable { get; init; }
}
