namespace Baton.Verbs;

/// <summary>A registered model as people write it: <c>models:/NAME</c>, or the name alone.</summary>
internal static class ModelName
{
    /// <summary>Reads the written form.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static string Parse(string text)
    {
        var name = text.StartsWith(VersionName.Prefix, StringComparison.Ordinal) ? text[VersionName.Prefix.Length..] : text;
        return name.Length > 0 && name.AsSpan().IndexOfAny('/', ':') < 0
            ? name
            : throw new UsageException($"'{text}' names no registered model; expected models:/NAME, e.g. models:/flight-delay.");
    }
}
