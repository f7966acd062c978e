namespace Baton.Verbs;

/// <summary>What to deploy as people write it: <c>models:/NAME/VERSION</c>, or <c>models:/NAME@STAGE</c> for what is in a stage now.</summary>
/// <param name="Model">Registered model.</param>
/// <param name="Version">Version; null where a stage is named.</param>
/// <param name="Stage">Stage; null where a version is named.</param>
internal sealed record DeployTarget(string Model, string? Version, string? Stage)
{
    private static readonly string[] Stages = ["staging", "production"];

    /// <summary>Reads the written form.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static DeployTarget Parse(string text)
    {
        if (!text.StartsWith(VersionName.Prefix, StringComparison.Ordinal) || text[VersionName.Prefix.Length..].Split('@') is not [{ Length: > 0 } model, var stage])
        {
            var version = VersionName.Parse(text);
            return new(version.Model, version.Version, null);
        }
        if (!Stages.Contains(stage) || model.Contains('/', StringComparison.Ordinal))
            throw new UsageException($"'{text}' names nothing to deploy; expected models:/NAME@production, models:/NAME@staging or models:/NAME/VERSION.");
        return new(model, null, stage);
    }
}
