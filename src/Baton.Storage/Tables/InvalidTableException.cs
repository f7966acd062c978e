namespace Baton.Storage.Tables;

/// <summary>A file is not a table that can be read, or a table not what its reader needs; the message says what is wrong, in words for people.</summary>
public sealed class InvalidTableException(string message, Exception? inner = null) : Exception(message, inner);
