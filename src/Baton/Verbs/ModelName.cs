namespace Baton.Verbs;

/// <summary>A registered model as people write it: <c>models:/NAME</c>.</summary>
internal static class ModelName
{
    /// <summary>Reads the written form.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static string Parse(string text) =>
        text.StartsWith(VersionName.Prefix, StringComparison.Ordinal) && text[VersionName.Prefix.Length..] is { Length: > 0 } name && !name.Contains('/', StringComparison.Ordinal)
            ? name
            : throw new UsageException($"'{text}' names no registered model; expected models:/NAME, e.g. models:/flight-delay.");
}
