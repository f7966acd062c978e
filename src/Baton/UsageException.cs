namespace Baton;

/// <summary>The user asked for what cannot be done; the message says what was wrong, what was expected and what to do.</summary>
internal sealed class UsageException(string message, Exception? cause = null) : Exception(message, cause);
