using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace Baton.Client;

public sealed partial class BatonClient
{
    /// <summary>Tells what turned out to be true of predictions; durable when the task completes. The same label again changes nothing.</summary>
    /// <param name="endpoint">Endpoint that gave the predictions.</param>
    /// <param name="labels">At most 100,000 labels; all or none are stored.</param>
    /// <param name="cancel">Stops the call.</param>
    public Task<LabelReceipt> RecordLabelsAsync(string endpoint, IReadOnlyList<LabelRecord> labels, CancellationToken cancel = default) =>
        PostAsync<LabelReceipt>($"{Endpoint(endpoint)}/labels", new { labels }, cancel);

    /// <summary>Tells labels in a file's own form.</summary>
    /// <param name="endpoint">Endpoint that gave the predictions.</param>
    /// <param name="text">CSV with its header, or NDJSON.</param>
    /// <param name="contentType"><c>text/csv</c> or <c>application/x-ndjson</c>.</param>
    /// <param name="cancel">Stops the call.</param>
    public Task<LabelReceipt> RecordLabelsAsync(string endpoint, string text, string contentType, CancellationToken cancel = default) =>
        AskAsync<LabelReceipt>(HttpMethod.Post, $"{Endpoint(endpoint)}/labels", new StringContent(text, Encoding.UTF8, new MediaTypeHeaderValue(contentType, "utf-8")), cancel);

    /// <summary>Predictions with the last revision of their labels, by event time.</summary>
    public async Task<IReadOnlyList<PredictionRecord>> ListPredictionsAsync(string endpoint, PredictionRange? range = null, CancellationToken cancel = default) =>
        (await GetAsync<PredictionListing>(PredictionsPath(endpoint, range, "json"), cancel).ConfigureAwait(false)).Predictions;

    /// <summary>The same as a file, which appears whole or not at all; an existing one is replaced.</summary>
    /// <param name="endpoint">Endpoint.</param>
    /// <param name="range">Which of them; null for the first 1,000.</param>
    /// <param name="format"><c>parquet</c>, <c>csv</c> or <c>json</c>.</param>
    /// <param name="file">Path to write; its folder must exist.</param>
    /// <param name="cancel">Stops the transfer.</param>
    public async Task DownloadPredictionsAsync(string endpoint, PredictionRange? range, string format, string file, CancellationToken cancel = default)
    {
        using var response = await TransferAsync(HttpMethod.Get, PredictionsPath(endpoint, range, format), null, cancel).ConfigureAwait(false);
        await SaveAsync(response, file, null, cancel).ConfigureAwait(false);
    }

    /// <summary>One prediction with every revision of its label.</summary>
    public Task<PredictionRecord> GetPredictionAsync(string endpoint, string id, CancellationToken cancel = default) =>
        GetAsync<PredictionRecord>($"{Endpoint(endpoint)}/predictions/{Escape(id)}", cancel);

    /// <summary>Runs the inputs of a prediction through a version again; waits up to 30 s for an agent.</summary>
    public Task<ReplayRecord> ReplayPredictionAsync(string endpoint, string id, string version, CancellationToken cancel = default) =>
        PostAsync<ReplayRecord>($"{Endpoint(endpoint)}/predictions/{Escape(id)}/replay", new { version }, cancel);

    private static string PredictionsPath(string endpoint, PredictionRange? range, string format) => Query(
        $"{Endpoint(endpoint)}/predictions",
        ("from", range?.From?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)),
        ("to", range?.To?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)),
        ("version", range?.Version),
        ("limit", range?.Limit.ToString(CultureInfo.InvariantCulture)),
        ("format", format));

    private sealed record PredictionListing(IReadOnlyList<PredictionRecord> Predictions);
}
