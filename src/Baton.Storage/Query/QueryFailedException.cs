namespace Baton.Storage.Query;

/// <summary>A query could not be answered: it needs more memory or disk than it may use, or a file is not what it should be. The message says which.</summary>
public sealed class QueryFailedException(string message, Exception? inner = null) : Exception(message, inner);
