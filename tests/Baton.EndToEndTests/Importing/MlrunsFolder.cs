using System.Globalization;

namespace Baton.EndToEndTests.Importing;

/// <summary>Writes folders as MLflow's file store does.</summary>
internal sealed class MlrunsFolder
{
    public const long Begin = 1_600_000_000_000;

    public MlrunsFolder(string root) => Root = Directory.CreateDirectory(root).FullName;

    public string Root { get; }

    /// <summary>An experiment's folder; a deleted one is in the trash.</summary>
    public string Experiment(long id, string name, bool deleted = false)
    {
        var folder = deleted ? Path.Combine(Root, ".trash", $"{id}") : Path.Combine(Root, $"{id}");
        Write(Path.Combine(folder, "meta.yaml"), $"""
            artifact_location: file:///home/ann/mlruns/{id}
            creation_time: {Begin}
            experiment_id: '{id}'
            last_update_time: {Begin + 1}
            lifecycle_stage: {(deleted ? "deleted" : "active")}
            name: {name}
            """);
        return folder;
    }

    /// <summary>A run's folder; its artifacts are said to be where the folder was first written.</summary>
    public string Run(string experiment, string id, string name, int status = 3, bool deleted = false, string? artifactUri = null)
    {
        var folder = Path.Combine(experiment, id);
        Directory.CreateDirectory(Path.Combine(folder, "artifacts"));
        WriteRun(folder, id, name, status, deleted, artifactUri);
        return folder;
    }

    public static void WriteRun(string folder, string id, string name, int status, bool deleted = false, string? artifactUri = null) =>
        Write(Path.Combine(folder, "meta.yaml"), $"""
            artifact_uri: {artifactUri ?? $"file:///home/ann/mlruns/{Path.GetFileName(Path.GetDirectoryName(folder))}/{id}/artifacts"}
            end_time: {(status == 1 ? "null" : $"{Begin + 5000}")}
            entry_point_name: ''
            experiment_id: '{Path.GetFileName(Path.GetDirectoryName(folder))}'
            lifecycle_stage: {(deleted ? "deleted" : "active")}
            run_id: {id}
            run_name: {name}
            run_uuid: {id}
            source_type: 4
            start_time: {Begin + 1000}
            status: {status}
            tags: []
            user_id: ann
            """);

    public static void Param(string folder, string key, string value) => Write(Path.Combine(folder, "params", key), value);

    public static void Tag(string folder, string key, string value) => Write(Path.Combine(folder, "tags", key), value);

    public static void Points(string folder, string key, params IEnumerable<string> lines)
    {
        var file = Path.Combine(folder, "metrics", key);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.AppendAllLines(file, lines);
    }

    public static string Point(long step, double value) => string.Create(CultureInfo.InvariantCulture, $"{Begin + step} {value} {step}");

    public static void Artifact(string folder, string path, string text) => Write(Path.Combine(folder, "artifacts", path), text);

    public void Model(string name, params (int Version, string Stage, string Source, string Run)[] versions)
    {
        var folder = Path.Combine(Root, "models", name);
        Write(Path.Combine(folder, "meta.yaml"), $"""
            creation_timestamp: {Begin}
            description: of trains
            last_updated_timestamp: {Begin + 9}
            name: {name}
            """);
        foreach (var (version, stage, source, run) in versions)
        {
            Write(Path.Combine(folder, $"version-{version}", "meta.yaml"), $"""
                creation_timestamp: {Begin + version}
                current_stage: {stage}
                description: the {version}
                last_updated_timestamp: {Begin + version + 1}
                name: {name}
                run_id: {run}
                run_link: ''
                source: {source}
                status: READY
                status_message: null
                user_id: ann
                version: {version}
                """);
            Write(Path.Combine(folder, $"version-{version}", "tags", "reviewed"), "yes");
        }
    }

    public void Alias(string model, string alias, int version) => Write(Path.Combine(Root, "models", model, "aliases", alias), $"{version}");

    public static void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
