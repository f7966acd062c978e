using Baton.Client;

namespace Baton.Importing;

/// <content>What runs read and made, logged models, and the registry.</content>
internal sealed partial class SqliteStore
{
    public IEnumerable<SourceLoggedModel> LoggedModels(SourceExperiment experiment)
    {
        if (!Has("logged_models"))
            yield break;
        var rows = _database.Read(
            Select("logged_models", "model_id", "name", "artifact_location", "creation_timestamp_ms", "last_updated_timestamp_ms", "status", "lifecycle_stage", "model_type", "source_run_id")
                + " WHERE experiment_id = @id ORDER BY model_id",
            ("@id", experiment.Content.ExperimentId)).ToList(r => (
            Model: new ImportedLoggedModel
            {
                ModelId = r.Text("model_id") ?? "",
                ExperimentId = experiment.Content.ExperimentId,
                Name = r.Text("name") ?? "",
                ModelType = r.Text("model_type") ?? "",
                SourceRunId = r.Text("source_run_id") ?? "",
                Status = r.Integer("status") is >= 0 and <= 3 and var status ? (int)status : 0,
                LifecycleStage = r.Text("lifecycle_stage") == "deleted" ? "deleted" : "active",
                CreationTime = r.Integer("creation_timestamp_ms") ?? 0,
                LastUpdateTime = r.Integer("last_updated_timestamp_ms") ?? r.Integer("creation_timestamp_ms") ?? 0,
            },
            Uri: r.Text("artifact_location") ?? ""));
        foreach (var (model, uri) in rows)
        {
            _report.Found(Kinds.LoggedModels);
            yield return new SourceLoggedModel(
                model with
                {
                    Params = Pairs("logged_model_params", "param_key", "param_value", "model_id", model.ModelId),
                    Tags = Pairs("logged_model_tags", "tag_key", "tag_value", "model_id", model.ModelId),
                    Metrics = ModelPoints(model.ModelId),
                },
                uri);
        }
    }

    public IEnumerable<SourceModel> Models()
    {
        var models = All("registered_models", "ORDER BY name", "name", "creation_time", "last_updated_time", "description").ToList(r => (
            Name: r.Text("name") ?? "", Created: r.Integer("creation_time") ?? 0, Updated: r.Integer("last_updated_time"), Description: r.Text("description")));
        foreach (var model in models)
        {
            var tags = Pairs("registered_model_tags", "key", "value", "name", model.Name);
            if (tags.TryGetValue("mlflow.prompt.is_prompt", out var prompt) && prompt.Equals("true", StringComparison.OrdinalIgnoreCase))
                continue;
            _report.Found(Kinds.Models);
            var aliases = Pairs("registered_model_aliases", "alias", "version", "name", model.Name)
                .ToLookup(a => MetricFiles.Whole(a.Value) ?? 0, a => a.Key);
            var all = VersionsOf(model.Name, aliases);
            var versions = all.Where(v => v.Stage != FileStore.DeletedStage).ToList();
            var there = versions.Select(v => v.Version).ToHashSet();
            yield return new SourceModel(
                new ImportedModel(model.Name, model.Description, model.Created, model.Updated ?? model.Created, all.Count == 0 ? 0 : all.Max(v => v.Version), tags),
                versions,
                [.. aliases.Where(a => !there.Contains(a.Key)).SelectMany(a => a)]);
        }
    }

    private IReadOnlyList<ImportedVersion> VersionsOf(string name, ILookup<long, string> aliases)
    {
        if (!Has("model_versions"))
            return [];
        var versions = _database.Read(
            Select("model_versions", "version", "creation_time", "last_updated_time", "description", "user_id", "current_stage", "source", "run_id", "run_link", "storage_location")
                + " WHERE name = @name ORDER BY version",
            ("@name", name)).ToList(r => new ImportedVersion
            {
                Name = name,
                Version = r.Integer("version") ?? 0,
                Description = r.Text("description"),
                Location = r.Text("source") ?? "",
                StorageLocation = r.Text("storage_location"),
                RunId = r.Text("run_id"),
                RunLink = r.Text("run_link"),
                UserId = r.Text("user_id"),
                Stage = r.Text("current_stage") is { Length: > 0 } stage ? stage : "None",
                CreationTime = r.Integer("creation_time") ?? 0,
                LastUpdateTime = r.Integer("last_updated_time") ?? r.Integer("creation_time") ?? 0,
            });
        return
        [
            .. versions.Select(v => v with
            {
                Aliases = [.. aliases[v.Version].Order(StringComparer.Ordinal)],
                Tags = Has("model_version_tags")
                    ? _database.Read("SELECT key, value FROM model_version_tags WHERE name = @name AND version = @version", ("@name", name), ("@version", v.Version))
                        .ToList(r => (r.Text("key") ?? "", r.Text("value") ?? "")).ToDictionary(t => t.Item1, t => t.Item2)
                    : [],
            }),
        ];
    }

    private IReadOnlyList<ImportedModelPoint> ModelPoints(string model) => !Has("logged_model_metrics")
        ? []
        : _database.Read(
            Select("logged_model_metrics", "metric_name", "metric_value", "metric_timestamp_ms", "metric_step", "run_id", "dataset_name", "dataset_digest") + " WHERE model_id = @model",
            ("@model", model)).ToList(r => new ImportedModelPoint(
                r.Text("metric_name") ?? "", r.Real("metric_value") ?? double.NaN, r.Integer("metric_timestamp_ms") ?? 0, r.Integer("metric_step") ?? 0,
                r.Text("run_id") ?? "", r.Text("dataset_name"), r.Text("dataset_digest")));

    private (IReadOnlyList<ImportedDataset> Datasets, IReadOnlyList<string> Inputs, IReadOnlyList<ImportedOutput> Outputs) LinksOf(string run)
    {
        if (!Has("inputs"))
            return ([], [], []);
        var links = _database.Read(
            Select("inputs", "input_uuid", "source_type", "source_id", "destination_type", "destination_id", "step")
                + " WHERE destination_id = @run OR (source_id = @run AND destination_type IN ('MODEL_INPUT', 'MODEL_OUTPUT'))",
            ("@run", run)).ToList(r => (
            Id: r.Text("input_uuid") ?? "", Source: r.Text("source_id") ?? "", SourceType: r.Text("source_type"), Destination: r.Text("destination_id") ?? "",
            DestinationType: r.Text("destination_type"), Step: r.Integer("step") ?? 0));
        var datasets = new List<ImportedDataset>();
        foreach (var link in links.Where(l => l.SourceType == "DATASET"))
        {
            var found = _database.Read(
                Select("datasets", "name", "digest", "dataset_source_type", "dataset_source", "dataset_schema", "dataset_profile") + " WHERE dataset_uuid = @id",
                ("@id", link.Source)).ToList(r => new ImportedDataset(
                    r.Text("name") ?? "", r.Text("digest") ?? "", r.Text("dataset_source_type") ?? "", r.Text("dataset_source") ?? "",
                    r.Text("dataset_schema"), r.Text("dataset_profile"), Pairs("input_tags", "name", "value", "input_uuid", link.Id)));
            if (found.Count > 0)
                datasets.Add(found[0]);
            else
            {
                _report.Found(Kinds.Datasets);
                _report.Skip(Kinds.Datasets, $"{run}/{link.Id}", "its dataset is not in the database");
            }
        }

        return (
            datasets,
            [.. links.Where(l => l.DestinationType == "MODEL_INPUT").Select(l => l.Destination)],
            [.. links.Where(l => l.DestinationType == "MODEL_OUTPUT").Select(l => new ImportedOutput(l.Destination, l.Step))]);
    }
}
