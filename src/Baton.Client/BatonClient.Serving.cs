using System.Globalization;
using System.Net.Http.Headers;

namespace Baton.Client;

public sealed partial class BatonClient
{
    /// <summary>What a serving node is to serve. The server answers at once where its generation is another than <paramref name="after"/>, else when that changes or the wait is over.</summary>
    /// <param name="after">Generation that is known already; null for none.</param>
    /// <param name="wait">How long the server may hold the question.</param>
    /// <param name="cancel">Stops waiting.</param>
    public Task<DesiredState> WaitForDesiredStateAsync(long? after, TimeSpan wait, CancellationToken cancel = default) =>
        GetAsync<DesiredState>(
            Query(
                "api/v1/serving/desired",
                ("after", after?.ToString(CultureInfo.InvariantCulture)),
                ("wait_seconds", ((int)wait.TotalSeconds).ToString(CultureInfo.InvariantCulture))),
            cancel);

    /// <summary>Tells how a serving node stands.</summary>
    public Task ReportServingAsync(NodeStatus status, CancellationToken cancel = default) => PostAsync("api/v1/serving/status", status, cancel);

    /// <summary>Hands in one sealed Parquet file of prediction rows. Idempotent by its id.</summary>
    /// <param name="project">Project of the endpoint.</param>
    /// <param name="endpoint">Endpoint that gave the predictions.</param>
    /// <param name="id">The file's own id: a UUIDv7 as 32 hex digits.</param>
    /// <param name="day">Day, UTC, of every row's event time.</param>
    /// <param name="parquet">The file; read to the end, left open.</param>
    /// <param name="cancel">Stops the transfer.</param>
    public async Task<PredictionFileReceipt> PutPredictionFileAsync(
        string project, string endpoint, string id, DateOnly day, Stream parquet, CancellationToken cancel = default)
    {
        using var content = new StreamContent(parquet);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/vnd.apache.parquet");
        var path = Query(
            $"p/{Escape(project)}/api/v1/endpoints/{Escape(endpoint)}/prediction-files/{Escape(id)}",
            ("day", day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        using var response = await TransferAsync(HttpMethod.Put, path, content, cancel).ConfigureAwait(false);
        return await ReadAsync<PredictionFileReceipt>(response, cancel).ConfigureAwait(false);
    }
}
