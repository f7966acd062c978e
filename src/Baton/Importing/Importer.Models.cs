using System.Security.Cryptography;
using System.Text;
using Baton.Client;

namespace Baton.Importing;

/// <content>Logged models, and the registry.</content>
internal sealed partial class Importer
{
    private async Task SendLoggedModelsAsync(long experiment, SourceLoggedModel[] models, CancellationToken stop)
    {
        var items = models.Select(m => (Source: m, Content: Fit(m, experiment))).Select(i => (i.Source, i.Content, Digest: Courier.DigestOf(i.Content))).ToList();
        var known = await courier.KnownAsync("logged_model", [.. items.Select(i => i.Content.ModelId)], stop);
        var roots = items.Where(i => known.TryGetValue(i.Content.ModelId, out var mark) && mark.Digest == i.Digest)
            .ToDictionary(i => i.Content.ModelId, i => known[i.Content.ModelId].Target, StringComparer.Ordinal);
        foreach (var item in items.Where(i => roots.ContainsKey(i.Content.ModelId)))
            Count(item.Content, report.Unchanged);
        var fresh = items.Where(i => !roots.ContainsKey(i.Content.ModelId)).ToList();
        await SendInPartsAsync(
            [.. fresh.Select(f => (f.Digest, f.Content))],
            (client, part) => client.ImportLoggedModelsAsync(courier.Source, part, stop),
            (item, root) =>
            {
                roots[item.ModelId] = root;
                Count(item, report.Carried);
                courier.Learn("logged_model", new ImportMark(item.ModelId, Courier.DigestOf(item), root));
            },
            (item, reason) => Count(item, (kind, count) => report.Skip(kind, item.ModelId, reason, count)));
        foreach (var (source, content, _) in items.Where(i => roots.ContainsKey(i.Content.ModelId)))
        {
            await AddFilesAsync(content.ModelId, source.ArtifactUri, content.ArtifactUri is not null, roots[content.ModelId], stop);
            if (source.Folder is not { } folder || memory is null)
                continue;
            await _files.SendAsync(stop);
            memory.Found(folder, content.Status > 1, fresh.Any(f => f.Content.ModelId == content.ModelId) || _files.Changed.Remove(roots[content.ModelId]));
        }

        await _files.SendAsync(stop);
    }

    private ImportedLoggedModel Fit(SourceLoggedModel model, long experiment)
    {
        var (given, id) = (model.Content, model.Content.ModelId);
        report.Found(Kinds.Params, given.Params.Count);
        report.Found(Kinds.Tags, given.Tags.Count);
        report.Found(Kinds.Points, given.Metrics.Count);
        return given with
        {
            ExperimentId = experiment,
            ArtifactUri = folders.Find(model.ArtifactUri).IsRemote ? model.ArtifactUri : null,
            Params = Texts.Fit(given.Params, Kinds.Params, id, report),
            Tags = Texts.Fit(given.Tags, Kinds.Tags, id, report),
        };
    }

    private async Task SendModelAsync(SourceModel model, bool onlyChosenRuns, CancellationToken stop)
    {
        var versions = model.Versions.Where(v => !onlyChosenRuns || (v.RunId is { } run && _chosenRuns.Contains(run))).ToList();
        if (onlyChosenRuns && versions.Count == 0)
        {
            report.Found(Kinds.Models, -1);
            return;
        }

        report.Found(Kinds.Tags, model.Content.Tags.Count);
        report.Found(Kinds.Versions, versions.Count);
        report.Found(Kinds.Aliases, versions.Sum(v => v.Aliases.Count) + model.Dangling.Count);
        foreach (var alias in model.Dangling)
            report.Skip(Kinds.Aliases, $"{model.Content.Name}@{alias}", "it points to a version that is not there");
        if (!await SendHeadAsync(model, stop))
        {
            report.Skip(Kinds.Versions, model.Content.Name, "its model was not taken", versions.Count);
            report.Skip(Kinds.Aliases, model.Content.Name, "its model was not taken", versions.Sum(v => v.Aliases.Count));
            return;
        }

        var known = await courier.KnownAsync("version", [.. versions.Select(IdOf)], stop);
        foreach (var version in versions)
            await SendVersionAsync(version, known.GetValueOrDefault(IdOf(version)), stop);
    }

    private async Task<bool> SendHeadAsync(SourceModel model, CancellationToken stop)
    {
        var content = model.Content with { Tags = Texts.Fit(model.Content.Tags, Kinds.Tags, model.Content.Name, report) };
        var digest = Courier.DigestOf(content);
        var known = await courier.KnownAsync("model", [content.Name], stop);
        var count = report.Carried;
        if (known.TryGetValue(content.Name, out var mark) && mark.Digest == digest)
            count = report.Unchanged;
        else if (courier.Client is { } client)
        {
            try
            {
                if (!await client.ImportModelAsync(courier.Source, digest, content, stop) && mark is null)
                    report.Note(Kinds.Models, content.Name, "a model of that name is there already; versions are added to it");
                courier.Learn("model", new ImportMark(content.Name, digest, content.Name));
            }
            catch (BatonApiException refused) when (Courier.IsRefusal(refused))
            {
                report.Skip(Kinds.Models, content.Name, refused.Message);
                report.Skip(Kinds.Tags, content.Name, "its model was not taken", content.Tags.Count);
                return false;
            }
        }

        count(Kinds.Models, 1);
        count(Kinds.Tags, content.Tags.Count);
        return true;
    }

    private async Task SendVersionAsync(ImportedVersion given, ImportMark? mark, CancellationToken stop)
    {
        var id = IdOf(given);
        report.Found(Kinds.Tags, given.Tags.Count);
        var content = await PlacedAsync(given with { Tags = Texts.Fit(given.Tags, Kinds.Tags, id, report) }, stop);
        var digest = Courier.DigestOf(content);
        if (mark?.Digest == digest)
        {
            Count(content, report.Unchanged);
            return;
        }

        if (courier.Client is not { } client)
        {
            Count(content, report.Carried);
            return;
        }

        try
        {
            var adopted = await client.ImportVersionAsync(courier.Source, digest, content, stop);
            courier.Learn("version", new ImportMark(id, digest, $"{adopted.Version}"));
            report.Carried(Kinds.Versions);
            report.Carried(Kinds.Tags, content.Tags.Count);
            report.Carried(Kinds.Aliases, content.Aliases.Count - adopted.AliasesStanding.Count);
            if (adopted.Version != content.Version)
                report.Rename(Kinds.Versions, id, $"{content.Name}/{adopted.Version}: the number is another version's here");
            if (!adopted.StageKept)
                report.Note(Kinds.Versions, id, $"its stage {content.Stage} was not taken over, since a contract is in force: promote it with `baton promote`");
            foreach (var alias in adopted.AliasesStanding)
                report.Skip(Kinds.Aliases, $"{content.Name}@{alias}", "it points to another version here already, and stays");
        }
        catch (BatonApiException refused) when (Courier.IsRefusal(refused))
        {
            Count(content, (kind, count) => report.Skip(kind, id, refused.Message, count));
        }
    }

    /// <summary>The version with the place of its files here: where its run's or its logged model's went, or a place of its own.</summary>
    private async Task<ImportedVersion> PlacedAsync(ImportedVersion version, CancellationToken stop)
    {
        const string runs = "runs:/";
        const string models = "models:/";
        var symbolic = version.Location.StartsWith(runs, StringComparison.Ordinal) || version.Location.StartsWith(models, StringComparison.Ordinal);
        var uri = version.StorageLocation is { Length: > 0 } stored && !stored.StartsWith(runs, StringComparison.Ordinal) ? stored : symbolic ? null : version.Location;
        var found = uri is null ? new FoundFiles(null, false) : folders.Find(uri);
        if (found.Folder is { } folder)
        {
            var root = RootOf(folder, out var inside) ?? await OwnRootAsync(version, folder, stop);
            var placed = Packaged(version, root, inside);
            return symbolic || placed.Package is null ? placed : placed with { Location = placed.Package, StorageLocation = null };
        }

        if (version.Location.StartsWith(runs, StringComparison.Ordinal))
        {
            var parts = version.Location[runs.Length..].TrimStart('/').Split('/', 2);
            return Packaged(version, await RootAsync("run", parts[0], stop), parts.Length > 1 ? parts[1] : "");
        }

        if (version.Location.StartsWith(models + "m-", StringComparison.Ordinal))
        {
            var model = version.Location[models.Length..];
            return Packaged(version with { ModelId = version.ModelId ?? model }, await RootAsync("logged_model", model, stop), "");
        }

        report.Found(Kinds.Files);
        if (found.IsRemote)
            report.ByReference(Kinds.Files, IdOf(version), uri!);
        else
            report.Skip(Kinds.Files, IdOf(version), $"its files are not at {uri ?? version.Location}; name the folder that has them with --artifacts");
        return version;
    }

    /// <summary>The artifact root here that a folder's files were brought to with those of a run or a logged model, and the path below it.</summary>
    private string? RootOf(string folder, out string inside)
    {
        var at = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        for (var above = at; above is not null; above = Path.GetDirectoryName(above))
        {
            if (!_roots.TryGetValue(above, out var root))
                continue;
            inside = above == at ? "" : Path.GetRelativePath(above, at).Replace('\\', '/');
            return root;
        }

        inside = "";
        return null;
    }

    private async Task<string> OwnRootAsync(ImportedVersion version, string folder, CancellationToken stop)
    {
        var own = $"mlflow-artifacts:/imported/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{courier.Source}\n{IdOf(version)}")))[..16]}";
        await _files.AddAsync(own, folder, stop);
        await _files.SendAsync(stop);
        return own;
    }

    private ImportedVersion Packaged(ImportedVersion version, string? root, string path)
    {
        if (courier.Client is null)
            return version;
        if (root is null || !root.StartsWith("mlflow-artifacts:", StringComparison.Ordinal))
        {
            report.Found(Kinds.Files);
            if (root is null)
                report.Skip(Kinds.Files, IdOf(version), $"what {version.Location} names was not imported, so its files are not here");
            else
                report.ByReference(Kinds.Files, IdOf(version), root);
            return version;
        }

        return version with { Package = path.Length == 0 ? root : $"{root.TrimEnd('/')}/{path}" };
    }

    private async Task<string?> RootAsync(string kind, string id, CancellationToken stop) => (await courier.KnownAsync(kind, [id], stop)).GetValueOrDefault(id)?.Target;

    private static string IdOf(ImportedVersion version) => $"{version.Name}/{version.Version}";

    private static void Count(ImportedVersion version, Action<string, long> count)
    {
        count(Kinds.Versions, 1);
        count(Kinds.Tags, version.Tags.Count);
        count(Kinds.Aliases, version.Aliases.Count);
    }

    private static void Count(ImportedLoggedModel model, Action<string, long> count)
    {
        count(Kinds.LoggedModels, 1);
        count(Kinds.Params, model.Params.Count);
        count(Kinds.Tags, model.Tags.Count);
        count(Kinds.Points, model.Metrics.Count);
    }
}
