namespace Baton.Bench;

/// <summary>A benchmark cannot be carried out; the message says why.</summary>
internal sealed class BenchException(string message, Exception? inner = null) : Exception(message, inner);
