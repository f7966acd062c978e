namespace Baton.Importing;

/// <summary>What was found at a path.</summary>
/// <param name="Path">The path, whole.</param>
/// <param name="Database">MLflow's database; null where there is none.</param>
/// <param name="Folder">MLflow's file store; null where there is none.</param>
/// <param name="Artifacts">Folders where files may be.</param>
internal sealed record SourcePlace(string Path, string? Database, string? Folder, IReadOnlyList<string> Artifacts)
{
    private static readonly string[] DatabaseNames = ["mlflow.db", "mlruns.db"];

    /// <exception cref="UsageException">There is nothing of MLflow's.</exception>
    public static SourcePlace Find(string path, string? artifacts)
    {
        var full = System.IO.Path.GetFullPath(path);
        if (artifacts is not null && !Directory.Exists(artifacts))
            throw new UsageException($"There is no folder '{artifacts}' to find artifacts in.");
        IEnumerable<string> given = artifacts is null ? [] : [artifacts];
        if (File.Exists(full))
        {
            return SqliteStore.IsOne(full)
                ? new SourcePlace(full, full, null, [.. given, .. Around(System.IO.Path.GetDirectoryName(full)!)])
                : throw new UsageException($"'{path}' is not a SQLite database of MLflow: expected an mlflow.db, an mlruns folder, or a folder that holds one.");
        }

        if (!Directory.Exists(full))
            throw new UsageException($"There is neither a file nor a folder '{path}'.");
        var database = DatabaseNames.Select(name => System.IO.Path.Combine(full, name)).FirstOrDefault(file => File.Exists(file) && SqliteStore.IsOne(file));
        var inside = System.IO.Path.Combine(full, "mlruns");
        var folder = FileStore.IsOne(full) ? full : Directory.Exists(inside) && FileStore.IsOne(inside) ? inside : null;
        if (database is null && folder is null)
        {
            throw new UsageException(
                $"'{path}' holds nothing of MLflow's: expected an mlflow.db, or folders of experiments (a number each, with a meta.yaml), here or in mlruns.");
        }

        return new SourcePlace(full, database, folder, [.. given, .. Around(full)]);
    }

    private static IEnumerable<string> Around(string folder) =>
        [System.IO.Path.Combine(folder, "mlartifacts"), System.IO.Path.Combine(folder, "mlruns"), folder];
}
