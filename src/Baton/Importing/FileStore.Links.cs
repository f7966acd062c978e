using Baton.Client;

namespace Baton.Importing;

/// <content>What runs read and made, and the registry.</content>
internal sealed partial class FileStore
{
    private const string PromptTag = "mlflow.prompt.is_prompt";

    public IEnumerable<SourceModel> Models()
    {
        foreach (var folder in SourceFolder.Folders(Path.Combine(root, "models")).Where(d => File.Exists(Path.Combine(d.FullName, Meta)) && !IsPrompt(d)))
        {
            report.Found(Kinds.Models);
            if (Try(Kinds.Models, folder.Name, () => ModelOf(folder)) is { } model)
                yield return model;
        }
    }

    private SourceModel ModelOf(DirectoryInfo folder)
    {
        var meta = MetaFile.Read(Path.Combine(folder.FullName, Meta));
        var name = meta.Text("name") ?? folder.Name;
        var aliases = SourceFolder.Pairs(Path.Combine(folder.FullName, "aliases")).Select(a => (Alias: a.Key, Version: MetricFiles.Whole(a.Value.Trim()) ?? 0))
            .Concat(meta.Map("aliases").Select(a => (Alias: a.Key, Version: MetricFiles.Whole(a.Value) ?? 0))).Distinct().ToLookup(a => a.Version, a => a.Alias);
        var versions = new List<ImportedVersion>();
        var last = 0L;
        foreach (var inside in SourceFolder.Folders(folder.FullName).Where(d => d.Name.StartsWith("version-", StringComparison.Ordinal)))
        {
            var number = MetricFiles.Whole(inside.Name["version-".Length..]) ?? 0;
            last = Math.Max(last, number);
            if (Try(Kinds.Versions, $"{name}/{number}", () => MetaFile.Read(Path.Combine(inside.FullName, Meta))) is not { } version)
            {
                report.Found(Kinds.Versions);
                continue;
            }

            var stage = version.Text("current_stage") ?? "None";
            if (stage == DeletedStage)
                continue;
            var created = version.Integer("creation_timestamp") ?? 0;
            versions.Add(new ImportedVersion
            {
                Name = name,
                Version = number,
                Description = version.Text("description"),
                Location = version.Text("source") ?? "",
                StorageLocation = version.Text("storage_location"),
                RunId = version.Text("run_id"),
                RunLink = version.Text("run_link"),
                ModelId = version.Text("model_id"),
                UserId = version.Text("user_id"),
                Stage = stage,
                CreationTime = created,
                LastUpdateTime = version.Integer("last_updated_timestamp") ?? created,
                Tags = SourceFolder.Pairs(Path.Combine(inside.FullName, "tags")),
                Aliases = [.. aliases[number].Order(StringComparer.Ordinal)],
            });
        }

        var made = meta.Integer("creation_timestamp") ?? 0;
        var content = new ImportedModel(
            name, meta.Text("description"), made, meta.Integer("last_updated_timestamp") ?? made, last, SourceFolder.Pairs(Path.Combine(folder.FullName, "tags")));
        var there = versions.Select(v => v.Version).ToHashSet();
        return new SourceModel(content, [.. versions.OrderBy(v => v.Version)], [.. aliases.Where(a => !there.Contains(a.Key)).SelectMany(a => a)]);
    }

    private (IReadOnlyList<ImportedDataset> Datasets, IReadOnlyList<string> Models) InputsOf(SourceExperiment experiment, DirectoryInfo run, string runId)
    {
        var datasets = new List<ImportedDataset>();
        var models = new List<string>();
        foreach (var folder in SourceFolder.Folders(Path.Combine(run.FullName, "inputs")))
        {
            var input = MetaFile.Read(Path.Combine(folder.FullName, Meta));
            if (input.Text("source_type") != "DATASET")
            {
                models.Add(new[] { input.Text("destination_id"), input.Text("source_id") }.FirstOrDefault(id => id?.StartsWith("m-", StringComparison.Ordinal) == true) ?? folder.Name);
                continue;
            }

            var path = Path.Combine(experiment.Folder, "datasets", input.Text("source_id") ?? folder.Name, Meta);
            if (Try(Kinds.Datasets, $"{runId}/{folder.Name}", () => MetaFile.Read(path)) is not { } dataset)
            {
                report.Found(Kinds.Datasets);
                continue;
            }

            datasets.Add(new ImportedDataset(
                dataset.Text("name") ?? "",
                dataset.Text("digest") ?? "",
                dataset.Text("source_type") ?? "",
                dataset.Text("source") ?? "",
                dataset.Text("schema"),
                dataset.Text("profile"),
                input.Map("tags")));
        }

        return (datasets, models);
    }

    private static IReadOnlyList<ImportedOutput> OutputsOf(DirectoryInfo run)
    {
        var outputs = new List<ImportedOutput>();
        foreach (var folder in SourceFolder.Folders(Path.Combine(run.FullName, "outputs")))
        {
            var output = MetaFile.Read(Path.Combine(folder.FullName, Meta));
            outputs.Add(new ImportedOutput(output.Text("destination_id") ?? folder.Name, output.Integer("step") ?? 0));
        }

        return outputs;
    }

    private static bool IsPrompt(DirectoryInfo model) =>
        SourceFolder.Pairs(Path.Combine(model.FullName, "tags")).TryGetValue(PromptTag, out var tag) && tag.Trim().Equals("true", StringComparison.OrdinalIgnoreCase);

    /// <summary>How MLflow marks a version that was deleted: nothing of it is left but its number.</summary>
    internal const string DeletedStage = "Deleted_Internal";
}
