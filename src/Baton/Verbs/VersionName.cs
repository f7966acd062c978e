namespace Baton.Verbs;

/// <summary>A model version as people write it: <c>models:/NAME/VERSION</c>.</summary>
/// <param name="Model">Registered model.</param>
/// <param name="Version">Version.</param>
internal sealed record VersionName(string Model, string Version)
{
    public const string Prefix = "models:/";

    /// <summary>Reads the written form.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static VersionName Parse(string text)
    {
        if (text.StartsWith(Prefix, StringComparison.Ordinal)
            && text[Prefix.Length..].Split('/') is [{ Length: > 0 } model, { Length: > 0 } version]
            && version.All(char.IsAsciiDigit))
        {
            return new(model, version);
        }
        throw new UsageException(
            $"'{text}' names no model version; expected models:/NAME/VERSION with a number for the version, e.g. models:/flight-delay/2.");
    }

    /// <summary>Reads several versions of one model.</summary>
    public static (string Model, IReadOnlyList<string> Versions) ParseAll(IReadOnlyList<string> texts)
    {
        var all = texts.Select(Parse).Distinct().ToList();
        return all.Select(v => v.Model).Distinct().ToList() is [var model]
            ? (model, [.. all.Select(v => v.Version)])
            : throw new UsageException(
                $"candidates that are handed over together are versions of one model; these are of {string.Join(", ", all.Select(v => v.Model).Distinct())}.");
    }

    /// <inheritdoc />
    public override string ToString() => $"{Prefix}{Model}/{Version}";
}
