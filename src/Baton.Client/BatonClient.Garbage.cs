using System.Globalization;
using System.Text.Json;

namespace Baton.Client;

public sealed partial class BatonClient
{
    /// <summary>Has the server free what nothing needs any more, or only tell what that is.</summary>
    /// <param name="olderThan">How long ago a run, experiment or logged model must have been deleted to go for good.</param>
    /// <param name="dryRun">Whether to change nothing.</param>
    /// <param name="told">Told of each thing that goes.</param>
    /// <param name="cancel">Stops waiting; the server stops too, between two things.</param>
    public async Task<GarbageReport> CollectGarbageAsync(TimeSpan olderThan, bool dryRun, Action<GarbageStep>? told = null, CancellationToken cancel = default)
    {
        var path = Query("api/v1/gc",
            ("dry_run", dryRun ? "true" : "false"), ("older_than_seconds", ((long)olderThan.TotalSeconds).ToString(CultureInfo.InvariantCulture)));
        using var response = await TransferAsync(HttpMethod.Post, path, null, cancel).ConfigureAwait(false);
        try
        {
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false));
            while (await lines.ReadLineAsync(cancel).ConfigureAwait(false) is { } line)
            {
                using var document = JsonDocument.Parse(line);
                if (!document.RootElement.TryGetProperty("kind", out _))
                    return document.Deserialize<GarbageReport>(WireJson.Options)!;
                told?.Invoke(document.Deserialize<GarbageStep>(WireJson.Options)!);
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new ServerUnreachableException(Server, e);
        }

        throw new ServerUnreachableException(Server, new IOException("the answer ended before its report: what it told of is done, the rest is not"));
    }
}

/// <summary>One thing that went.</summary>
/// <param name="Kind"><c>run</c>, <c>logged_model</c>, <c>experiment</c> or <c>blob</c>.</param>
/// <param name="Name">Project and id, or digest.</param>
/// <param name="Bytes">Of a blob.</param>
public sealed record GarbageStep(string Kind, string Name, long? Bytes);

/// <summary>What went, or would go.</summary>
/// <param name="DryRun">Whether nothing was changed.</param>
/// <param name="Runs">Runs removed for good.</param>
/// <param name="LoggedModels">Logged models removed for good.</param>
/// <param name="Experiments">Experiments removed for good.</param>
/// <param name="Blobs">Blobs removed.</param>
/// <param name="Bytes">Bytes of them.</param>
public sealed record GarbageReport(bool DryRun, long Runs, long LoggedModels, long Experiments, long Blobs, long Bytes);
