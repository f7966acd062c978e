namespace Baton.Verification.Reference;

/// <summary>The reference predictions are not what the claims say, or do not fit the model; the message is a sentence for people.</summary>
internal sealed class ReferenceException(string message) : Exception(message);
