using Baton.Client;

namespace Baton.Importing;

/// <summary>Follows a file store that a training job writes: looks again and again, and sends what is new, until it is stopped.</summary>
/// <param name="client">The server.</param>
/// <param name="place">The file store.</param>
/// <param name="source">Name of the source.</param>
/// <param name="experiments">Names of the experiments to follow; empty for all.</param>
/// <param name="tell">Told in a line what was new.</param>
/// <param name="time">Waits between looks.</param>
internal sealed class Follower(BatonClient client, SourcePlace place, string source, IReadOnlyCollection<string> experiments, Action<string> tell, TimeProvider time)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly FollowMemory _memory = new();
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    public async Task RunAsync(CancellationToken stop)
    {
        var courier = new Courier(client, source, remembers: true);
        var folders = new ArtifactFolders(place.Artifacts);
        var unreachable = false;
        while (true)
        {
            var report = new ImportReport();
            try
            {
                _memory.Next();
                await new Importer(courier, folders, report, _ => { }, _memory).RunAsync(new FileStore(place.Folder!, report, time, _memory), experiments, stop);
                unreachable = false;
            }
            catch (Exception e) when (e is ServerUnreachableException or BatonApiException { Status: >= System.Net.HttpStatusCode.InternalServerError })
            {
                if (!unreachable)
                    tell($"{e.Message} Trying again.");
                unreachable = true;
            }
            catch (UsageException)
            {
                // An experiment that is asked for may be made yet.
            }

            Tell(report);
            await Task.Delay(BetweenLooks, time, stop);
        }
    }

    private void Tell(ImportReport report)
    {
        var carried = report.Tallies.Where(t => t.Tally.Carried > 0).Select(t => $"{t.Tally.Carried:N0} {t.Kind}").ToList();
        if (carried.Count > 0)
            tell(string.Join(", ", carried));
        foreach (var remark in report.Remarks.Where(r => r.Outcome is not "by_reference" && _told.Add($"{r.Kind}\n{r.Id}\n{r.Reason}")))
            tell($"{remark.Kind} {remark.Id}: {remark.Reason}");
    }
}
