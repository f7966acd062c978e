namespace Baton.Inference;

/// <summary>A file is not a model that can be described or run; the message says what is wrong with it, in words for people.</summary>
public sealed class InvalidModelException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>What was given to a model does not fit its inputs; the message says what was expected and what was given.</summary>
public sealed class ModelInputException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A model that loaded failed while it ran.</summary>
public sealed class ModelRunException(string message, Exception? inner = null) : Exception(message, inner);
