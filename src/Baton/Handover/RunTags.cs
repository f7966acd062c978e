namespace Baton.Handover;

/// <summary>Tags of runs and their datasets that say where a model comes from.</summary>
internal static class RunTags
{
    public const string Commit = "mlflow.source.git.commit";
    public const string Repository = "mlflow.source.git.repoURL";
    public const string Source = "mlflow.source.name";

    /// <summary><c>true</c> where the tree had changes that are not in the commit.</summary>
    public const string Dirty = "baton.git.dirty";

    /// <summary>SHA-256 (<c>sha256:…</c>) of those changes, where they were kept among the run's files.</summary>
    public const string Diff = "baton.git.diff";

    /// <summary>Part of a dataset: <c>training</c>, <c>validation</c>, <c>test</c>.</summary>
    public const string Context = "mlflow.data.context";

    /// <summary>Full digest of a dataset; MLflow's own field holds 36 characters.</summary>
    public const string Sha256 = "baton.sha256";
}
