using System.Globalization;
using Baton.Client;

namespace Baton.Importing;

/// <summary>MLflow's file store: a folder <c>mlruns</c>.</summary>
/// <param name="root">The folder.</param>
/// <param name="report">Told of what cannot be read.</param>
/// <param name="time">Tells whether a file is still being written.</param>
/// <param name="memory">What a follower remembers of runs; null to read everything.</param>
internal sealed partial class FileStore(string root, ImportReport report, TimeProvider time, FollowMemory? memory = null) : ITrackingSource
{
    private const string Trash = ".trash";
    private const string Meta = "meta.yaml";
    private static readonly string[] Reserved = ["tags", "datasets", "traces", "models", Trash];
    private static readonly string[] Statuses = ["", "RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"];

    /// <summary>Whether a folder looks like one: experiments, which have numbers, or registered models.</summary>
    public static bool IsOne(string folder) =>
        SourceFolder.Folders(folder).Any(d => IsNumber(d.Name) && File.Exists(Path.Combine(d.FullName, Meta)))
        || SourceFolder.Folders(Path.Combine(folder, "models")).Any(d => File.Exists(Path.Combine(d.FullName, Meta)))
        || SourceFolder.Folders(Path.Combine(folder, Trash)).Any(d => IsNumber(d.Name) && File.Exists(Path.Combine(d.FullName, Meta)));

    public IEnumerable<SourceExperiment> Experiments()
    {
        foreach (var folder in SourceFolder.Folders(root).Concat(SourceFolder.Folders(Path.Combine(root, Trash))).Where(d => IsNumber(d.Name)))
        {
            if (!File.Exists(Path.Combine(folder.FullName, Meta)))
                continue;
            report.Found(Kinds.Experiments);
            if (Try(Kinds.Experiments, folder.Name, () => ExperimentOf(folder)) is { } experiment)
                yield return experiment;
        }
    }

    public IEnumerable<SourceRun> Runs(SourceExperiment experiment)
    {
        foreach (var folder in SourceFolder.Folders(experiment.Folder).Where(d => !Reserved.Contains(d.Name)))
        {
            if (!File.Exists(Path.Combine(folder.FullName, Meta)) || memory?.IsQuiet(folder.FullName, Path.Combine(folder.FullName, Meta)) == true)
                continue;
            report.Found(Kinds.Runs);
            if (Try(Kinds.Runs, folder.Name, () => RunOf(experiment, folder)) is { } run)
                yield return run;
        }
    }

    public IEnumerable<SourceLoggedModel> LoggedModels(SourceExperiment experiment)
    {
        foreach (var folder in SourceFolder.Folders(Path.Combine(experiment.Folder, "models")))
        {
            if (!File.Exists(Path.Combine(folder.FullName, Meta)) || memory?.IsQuiet(folder.FullName, Path.Combine(folder.FullName, Meta)) == true)
                continue;
            report.Found(Kinds.LoggedModels);
            if (Try(Kinds.LoggedModels, folder.Name, () => LoggedModelOf(experiment, folder)) is { } model)
                yield return model;
        }
    }

    public IEnumerable<(string Kind, long Count)> Strangers()
    {
        var experiments = SourceFolder.Folders(root).Concat(SourceFolder.Folders(Path.Combine(root, Trash))).Where(d => IsNumber(d.Name));
        yield return ("traces", experiments.Sum(e => (long)SourceFolder.Folders(Path.Combine(e.FullName, "traces")).Count));
        yield return ("prompts", SourceFolder.Folders(Path.Combine(root, "models")).Count(IsPrompt));
    }

    private SourceExperiment ExperimentOf(DirectoryInfo folder)
    {
        var meta = MetaFile.Read(Path.Combine(folder.FullName, Meta));
        var deleted = folder.Parent!.Name == Trash || meta.Text("lifecycle_stage") == "deleted";
        return new SourceExperiment(
            new ImportedExperiment(
                long.Parse(folder.Name, CultureInfo.InvariantCulture),
                meta.Text("name") ?? folder.Name,
                deleted ? "deleted" : "active",
                meta.Integer("creation_time"),
                meta.Integer("last_update_time"),
                meta.Text("artifact_location"),
                SourceFolder.Pairs(Path.Combine(folder.FullName, "tags"))),
            folder.FullName);
    }

    private SourceRun RunOf(SourceExperiment experiment, DirectoryInfo folder)
    {
        var meta = MetaFile.Read(Path.Combine(folder.FullName, Meta));
        var id = meta.Text("run_id") ?? meta.Text("run_uuid") ?? folder.Name;
        var tags = SourceFolder.Pairs(Path.Combine(folder.FullName, "tags"));
        var (datasets, modelInputs) = InputsOf(experiment, folder, id);
        var points = new MetricFiles(Path.Combine(folder.FullName, "metrics"), id, memory?.BytesOf(folder.FullName) ?? [], report, time);
        var run = new ImportedRun
        {
            RunId = id,
            ExperimentId = experiment.Content.ExperimentId,
            Name = meta.Text("run_name") ?? meta.Text("name") ?? tags.GetValueOrDefault("mlflow.runName") ?? "",
            UserId = meta.Text("user_id") ?? tags.GetValueOrDefault("mlflow.user") ?? "",
            Status = StatusOf(meta.Text("status")),
            StartTime = meta.Integer("start_time") ?? 0,
            EndTime = meta.Integer("end_time"),
            DeletedTime = meta.Integer("deleted_time"),
            LifecycleStage = experiment.Content.LifecycleStage == "deleted" || meta.Text("lifecycle_stage") == "deleted" ? "deleted" : "active",
            Params = SourceFolder.Pairs(Path.Combine(folder.FullName, "params")),
            Tags = tags,
            Datasets = datasets,
            ModelInputs = modelInputs,
            ModelOutputs = OutputsOf(folder),
        };
        return new SourceRun(run, meta.Text("artifact_uri") ?? Path.Combine(folder.FullName, "artifacts"), points.Digest)
        {
            Folder = folder.FullName,
            Points = points.Points(),
            PointsTaken = points.Accept,
            ArePointsWhole = () => points.IsWhole,
        };
    }

    private SourceLoggedModel LoggedModelOf(SourceExperiment experiment, DirectoryInfo folder)
    {
        var meta = MetaFile.Read(Path.Combine(folder.FullName, Meta));
        var created = meta.Integer("creation_timestamp") ?? meta.Integer("creation_timestamp_ms") ?? 0;
        return new SourceLoggedModel(
            new ImportedLoggedModel
            {
                ModelId = meta.Text("model_id") ?? folder.Name,
                ExperimentId = experiment.Content.ExperimentId,
                Name = meta.Text("name") ?? folder.Name,
                ModelType = meta.Text("model_type") ?? "",
                SourceRunId = meta.Text("source_run_id") ?? "",
                Status = LoggedModelStatus(meta.Text("status")),
                LifecycleStage = experiment.Content.LifecycleStage == "deleted" || meta.Text("lifecycle_stage") == "deleted" ? "deleted" : "active",
                CreationTime = created,
                LastUpdateTime = meta.Integer("last_updated_timestamp") ?? meta.Integer("last_updated_timestamp_ms") ?? created,
                Params = SourceFolder.Pairs(Path.Combine(folder.FullName, "params")),
                Tags = SourceFolder.Pairs(Path.Combine(folder.FullName, "tags")),
                Metrics = [.. ModelPoints(Path.Combine(folder.FullName, "metrics"), meta.Text("source_run_id") ?? "")],
            },
            meta.Text("artifact_location") ?? meta.Text("artifact_uri") ?? Path.Combine(folder.FullName, "artifacts"));
    }

    /// <summary>Lines <c>milliseconds value step run [dataset digest]</c>; a line that is still being written is left for the next time.</summary>
    private IEnumerable<ImportedModelPoint> ModelPoints(string folder, string sourceRun)
    {
        foreach (var (key, text) in SourceFolder.Pairs(folder))
        {
            foreach (var line in text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (fields.Length < 2 || MetricFiles.Whole(fields[0]) is not { } at || MetricFiles.Real(fields[1]) is not { } value)
                {
                    report.Found(Kinds.Points);
                    report.Skip(Kinds.Points, $"{folder}/{key}", $"a line is no point: '{(line.Length > 60 ? line[..60] + "…" : line)}'");
                    continue;
                }

                var step = fields.Length > 2 ? MetricFiles.Whole(fields[2]) ?? 0 : 0;
                // After the step come the run, and the dataset's name and digest, each where there is one.
                var dataset = fields.Length switch { 5 => fields[3..], > 5 => fields[4..], _ => [] };
                yield return new ImportedModelPoint(
                    key, value, at, step, fields.Length is 4 or > 5 ? fields[3] : sourceRun, dataset.Length > 1 ? dataset[0] : null, dataset.Length > 1 ? dataset[1] : null);
            }
        }
    }

    private T? Try<T>(string kind, string id, Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is UnreadableSourceException or IOException or UnauthorizedAccessException)
        {
            report.Skip(kind, id, e.Message);
            return null;
        }
    }

    private static string StatusOf(string? given) => given switch
    {
        null => "RUNNING",
        _ when int.TryParse(given, CultureInfo.InvariantCulture, out var number) && number > 0 && number < Statuses.Length => Statuses[number],
        _ => Statuses.Contains(given) ? given : "RUNNING",
    };

    private static int LoggedModelStatus(string? given) => given switch
    {
        "1" or "PENDING" or "LOGGED_MODEL_PENDING" => 1,
        "2" or "READY" or "LOGGED_MODEL_READY" => 2,
        "3" or "FAILED" or "UPLOAD_FAILED" or "LOGGED_MODEL_UPLOAD_FAILED" => 3,
        _ => 0,
    };

    private static bool IsNumber(string name) => name.Length is > 0 and < 19 && name.All(char.IsAsciiDigit);
}
