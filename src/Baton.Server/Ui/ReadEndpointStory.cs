using System.Text.Json;
using Baton.Contracts;
using Baton.Server.Deployments;
using Baton.Server.Handoff;
using Baton.Server.Monitoring;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Predictions;
using Baton.Server.Registry;
using Baton.Storage.Query;

namespace Baton.Server.Ui;

/// <summary>An endpoint with what it was worth and what it answered last.</summary>
internal sealed record EndpointStory
{
    public required EndpointStanding Standing { get; init; }

    /// <summary>Oldest first.</summary>
    public required IReadOnlyList<PerformanceWeek> Weeks { get; init; }

    /// <summary>Newest first.</summary>
    public required IReadOnlyList<PredictionLine> Predictions { get; init; }

    /// <summary>A request to it as a line for a shell; null where nothing is known of the model's inputs.</summary>
    public string? Call { get; init; }

    /// <summary>The deployment that a rollback goes to; null where there is none.</summary>
    public Deployment? ReturnsTo => Standing.Current?.ReturnsTo is { } id ? Standing.History.FirstOrDefault(d => d.Id == id) : null;
}

/// <summary>One prediction in a list.</summary>
internal sealed record PredictionLine(
    string PredictionId, string Version, DateTimeOffset EventTime, JsonElement Inputs, double? Score, JsonElement? Label, long LatencyUs);

/// <summary>Reads the story of an endpoint from the legs.</summary>
internal sealed class ReadEndpointStory(ReadEndpoints endpoints, QueryPredictions predictions, ReadClaims claims)
{
    private const string UsualAddress = "http://127.0.0.1:8080";
    private const int Shown = 10;
    private const int Read = 200;

    public async Task<EndpointStory> HandleAsync(Caller caller, string name, CancellationToken cancellation)
    {
        var standing = await endpoints.GetAsync(caller, EndpointName.Parse(name), cancellation);
        var columns = await ColumnsAsync(caller, name, cancellation);
        var lines = columns is { Rows: > 0 } ? await LinesAsync(caller, name, columns, cancellation) : [];
        return new EndpointStory
        {
            Standing = standing,
            Weeks = columns is null ? [] : WeeklyPerformance.Of(columns),
            Predictions = lines,
            Call = await CallAsync(caller, standing, lines.Count > 0 ? lines[0].Inputs : null, cancellation),
        };
    }

    /// <summary>Null where the log does not know the endpoint yet.</summary>
    private async Task<LabelledPredictions?> ColumnsAsync(Caller caller, string name, CancellationToken cancellation)
    {
        try
        {
            return await predictions.ColumnsAsync(caller, name, null, null, cancellation);
        }
        catch (Refusal unknown) when (unknown.Code == ProblemCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>The log is read forwards: from the time of the first row to be shown on.</summary>
    private async Task<IReadOnlyList<PredictionLine>> LinesAsync(Caller caller, string name, LabelledPredictions columns, CancellationToken cancellation)
    {
        var from = columns.EventTimes[Math.Max(0, columns.Rows - Shown)];
        await using var file = await predictions.FileAsync(caller, name, from, long.MaxValue, null, Read, QueryFormat.Json, cancellation);
        var lines = await JsonSerializer.DeserializeAsync<List<PredictionLine>>(file, Documents.Compact, cancellation);
        return [.. lines!.TakeLast(Shown).Reverse()];
    }

    private async Task<string?> CallAsync(Caller caller, EndpointStanding standing, JsonElement? example, CancellationToken cancellation)
    {
        if (standing.Current is not { } current || await claims.FindAsync(caller, ModelName.Parse(current.Model), current.Version, cancellation) is not { } submitted)
            return null;
        var address = standing.Nodes.OrderByDescending(n => n.State == EndpointReport.Ready).Select(n => n.Address).FirstOrDefault() ?? UsualAddress;
        return InferenceCall.Write(address, standing.Name, Documents.Read<Claims>(submitted.Document).Interface.Inputs, example);
    }
}
