namespace Baton.Server.Ui;

/// <summary>Tags of a run that pages read.</summary>
internal static class RunTags
{
    public const string Commit = "mlflow.source.git.commit";
    public const string Source = "mlflow.source.name";
    public const string Repository = "mlflow.source.git.repoURL";

    /// <summary>Whether the tree had changes that are not in the commit; null where no tag tells.</summary>
    public static bool? IsDirty(IReadOnlyDictionary<string, string> tags) =>
        (tags.GetValueOrDefault("baton.git.dirty") ?? tags.GetValueOrDefault("mlflow.source.git.dirty"))?.Equals("true", StringComparison.OrdinalIgnoreCase);
}
