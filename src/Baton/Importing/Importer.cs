using System.Globalization;
using Baton.Client;

namespace Baton.Importing;

/// <summary>Carries what a source has to the server, and tells what became of it. Stopped anywhere and run again, the end is the same.</summary>
/// <param name="courier">The server.</param>
/// <param name="folders">Where files may be.</param>
/// <param name="report">Told of everything.</param>
/// <param name="tell">Told what is being done.</param>
/// <param name="memory">What a follower remembers; null to read everything.</param>
internal sealed partial class Importer(Courier courier, ArtifactFolders folders, ImportReport report, Action<string> tell, FollowMemory? memory = null)
{
    private const int RunsAtOnce = 200;

    private readonly FileBatch _files = new(courier, report, tell);
    private readonly Dictionary<string, string> _roots = new(StringComparer.Ordinal);
    private readonly HashSet<string> _chosenRuns = new(StringComparer.Ordinal);

    /// <param name="source">What to read.</param>
    /// <param name="experiments">Names of the experiments to carry; empty for all.</param>
    /// <param name="stop">Stops in the middle.</param>
    public async Task RunAsync(ITrackingSource source, IReadOnlyCollection<string> experiments, CancellationToken stop)
    {
        var missing = experiments.ToHashSet(StringComparer.Ordinal);
        foreach (var experiment in source.Experiments())
        {
            missing.Remove(experiment.Content.Name);
            if (experiments.Count > 0 && !experiments.Contains(experiment.Content.Name))
            {
                report.Found(Kinds.Experiments, -1);
                continue;
            }

            if (await SendExperimentAsync(experiment.Content, stop) is not { } id)
                continue;
            tell($"experiment {experiment.Content.Name}");
            foreach (var runs in source.Runs(experiment).Chunk(RunsAtOnce))
                await SendRunsAsync(id, runs, stop);
            foreach (var models in source.LoggedModels(experiment).Chunk(RunsAtOnce))
                await SendLoggedModelsAsync(id, models, stop);
        }

        if (missing.Count > 0)
            throw new UsageException($"There is no experiment '{missing.First()}' in it.");
        await _files.SendAsync(stop);
        foreach (var model in source.Models())
            await SendModelAsync(model, experiments.Count > 0, stop);
        foreach (var (kind, count) in source.Strangers().Where(s => s.Count > 0))
        {
            report.Found(kind, count);
            report.Skip(kind, "all of them", $"Baton has no place for {kind}", count);
        }
    }

    private async Task<long?> SendExperimentAsync(ImportedExperiment given, CancellationToken stop)
    {
        var id = given.ExperimentId.ToString(CultureInfo.InvariantCulture);
        report.Found(Kinds.Tags, given.Tags.Count);
        var remote = given.ArtifactLocation is { } location && folders.Find(location).IsRemote;
        var content = given with { ArtifactLocation = remote ? given.ArtifactLocation : null, Tags = Texts.Fit(given.Tags, Kinds.Tags, $"experiment {id}", report) };
        var digest = Courier.DigestOf(content);
        var known = await courier.KnownAsync("experiment", [id], stop);
        if (known.TryGetValue(id, out var mark) && mark.Digest == digest)
        {
            report.Unchanged(Kinds.Experiments);
            report.Unchanged(Kinds.Tags, content.Tags.Count);
            return long.Parse(mark.Target, CultureInfo.InvariantCulture);
        }

        if (courier.Client is not { } client)
        {
            report.Carried(Kinds.Experiments);
            report.Carried(Kinds.Tags, content.Tags.Count);
            return given.ExperimentId;
        }

        try
        {
            var adopted = await client.ImportExperimentAsync(courier.Source, digest, content, stop);
            courier.Learn("experiment", new ImportMark(id, digest, adopted.ExperimentId.ToString(CultureInfo.InvariantCulture)));
            report.Carried(Kinds.Experiments);
            report.Carried(Kinds.Tags, content.Tags.Count);
            if (adopted.ExperimentId != given.ExperimentId)
                report.Rename(Kinds.Experiments, $"{id} ({given.Name})", $"id {adopted.ExperimentId}");
            return adopted.ExperimentId;
        }
        catch (BatonApiException refused) when (Courier.IsRefusal(refused))
        {
            report.Skip(Kinds.Experiments, $"{id} ({given.Name})", refused.Message);
            report.Skip(Kinds.Tags, $"experiment {id}", "its experiment was not taken", content.Tags.Count);
            return null;
        }
    }

    private async Task SendRunsAsync(long experiment, SourceRun[] runs, CancellationToken stop)
    {
        var items = runs.Select(run => (Source: run, Content: Fit(run, experiment))).Select(i => (i.Source, i.Content, Digest: Courier.DigestOf(i.Content))).ToList();
        _chosenRuns.UnionWith(items.Select(i => i.Content.RunId));
        var ids = items.Select(i => i.Content.RunId).ToList();
        var known = await courier.KnownAsync("run", ids, stop);
        var knownPoints = await courier.KnownAsync("points", ids, stop);
        var roots = items.Where(i => known.TryGetValue(i.Content.RunId, out var mark) && mark.Digest == i.Digest)
            .ToDictionary(i => i.Content.RunId, i => known[i.Content.RunId].Target, StringComparer.Ordinal);
        foreach (var item in items.Where(i => roots.ContainsKey(i.Content.RunId)))
            Count(item.Content, report.Unchanged);
        var fresh = items.Where(i => !roots.ContainsKey(i.Content.RunId)).ToList();
        await SendInPartsAsync(
            [.. fresh.Select(f => (f.Digest, f.Content))],
            (client, part) => client.ImportRunsAsync(courier.Source, part, stop),
            (item, root) =>
            {
                roots[item.RunId] = root;
                Count(item, report.Carried);
                courier.Learn("run", new ImportMark(item.RunId, Courier.DigestOf(item), root));
            },
            (item, reason) =>
            {
                report.Skip(Kinds.Runs, item.RunId, reason);
                CountParts(item, (kind, count) => report.Skip(kind, item.RunId, "its run was not taken", count));
            });
        var points = new PointBatch(courier, report);
        foreach (var (run, content, _) in items.Where(i => roots.ContainsKey(i.Content.RunId)))
        {
            var stands = knownPoints.TryGetValue(content.RunId, out var mark) && mark.Digest == run.PointsDigest;
            if (!stands)
                await points.AddAsync(run, stop);
            else if (MetricFiles.Whole(mark!.Target) is { } count)
            {
                report.Found(Kinds.Points, count);
                report.Unchanged(Kinds.Points, count);
            }

            await AddFilesAsync(content.RunId, run.ArtifactUri, content.ArtifactUri is not null, roots[content.RunId], stop);
            tell($"run {content.RunId}");
            if (run.Folder is { } folder && memory is not null)
            {
                await _files.SendAsync(stop);
                var changed = !stands || fresh.Any(f => f.Content.RunId == content.RunId) || _files.Changed.Remove(roots[content.RunId]);
                memory.Found(folder, content.Status is not ("RUNNING" or "SCHEDULED"), changed);
            }
        }

        await points.SendAsync(stop);
        await _files.SendAsync(stop);
    }

    private ImportedRun Fit(SourceRun run, long experiment)
    {
        var (given, id) = (run.Content, run.Content.RunId);
        CountParts(given, report.Found);
        return given with
        {
            ExperimentId = experiment,
            ArtifactUri = folders.Find(run.ArtifactUri).IsRemote ? run.ArtifactUri : null,
            Params = Texts.Fit(given.Params, Kinds.Params, id, report),
            Tags = Texts.Fit(given.Tags, Kinds.Tags, id, report),
        };
    }

    /// <summary>Sends in parts; a part that is refused is sent one by one, so that one bad thing keeps no other back.</summary>
    private async Task SendInPartsAsync<T>(
        IReadOnlyList<(string Digest, T Item)> items,
        Func<BatonClient, IReadOnlyList<(string, T)>, Task<IReadOnlyList<string>>> send,
        Action<T, string> taken,
        Action<T, string> refused)
    {
        const long mostBytes = 8 * 1024 * 1024;
        if (courier.Client is not { } client)
        {
            foreach (var (_, item) in items)
                taken(item, "");
            return;
        }

        var part = new List<(string, T)>();
        var bytes = 0L;
        for (var i = 0; i <= items.Count; i++)
        {
            var size = i < items.Count ? System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(items[i].Item, WireJson.Options).LongLength : 0;
            if (part.Count > 0 && (i == items.Count || bytes + size > mostBytes))
            {
                await SendPartAsync(client, part, send, taken, refused);
                part.Clear();
                bytes = 0;
            }

            if (i < items.Count)
                part.Add(items[i]);
            bytes += size;
        }
    }

    private static async Task SendPartAsync<T>(
        BatonClient client,
        IReadOnlyList<(string Digest, T Item)> part,
        Func<BatonClient, IReadOnlyList<(string, T)>, Task<IReadOnlyList<string>>> send,
        Action<T, string> taken,
        Action<T, string> refused)
    {
        try
        {
            var roots = await send(client, part);
            foreach (var ((_, item), root) in part.Zip(roots))
                taken(item, root);
        }
        catch (BatonApiException refusal) when (Courier.IsRefusal(refusal))
        {
            if (part.Count == 1)
                refused(part[0].Item, refusal.Message);
            else
            {
                foreach (var one in part)
                    await SendPartAsync(client, [one], send, taken, refused);
            }
        }
    }

    private async Task AddFilesAsync(string owner, string uri, bool isRemote, string root, CancellationToken stop)
    {
        if (isRemote)
        {
            report.Found(Kinds.Files);
            report.ByReference(Kinds.Files, owner, uri);
            return;
        }

        if (folders.Find(uri).Folder is not { } folder)
            return;
        _roots[Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))] = root;
        await _files.AddAsync(root, folder, stop);
    }

    private static void Count(ImportedRun run, Action<string, long> count)
    {
        count(Kinds.Runs, 1);
        CountParts(run, count);
    }

    private static void CountParts(ImportedRun run, Action<string, long> count)
    {
        count(Kinds.Params, run.Params.Count);
        count(Kinds.Tags, run.Tags.Count);
        count(Kinds.Datasets, run.Datasets.Count);
        count(Kinds.ModelLinks, run.ModelInputs.Count + run.ModelOutputs.Count);
    }
}
