namespace Baton.Verification.Drafting;

/// <summary>Claims could not be drafted; the message says what is wrong with the package or the predictions, and what to do.</summary>
public sealed class DraftException(string message, Exception? inner = null) : Exception(message, inner);
