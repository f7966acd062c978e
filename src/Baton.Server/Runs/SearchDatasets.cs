using System.Globalization;
using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Runs;

/// <summary>Names the datasets of experiments, and what each was used for.</summary>
internal sealed class SearchDatasets(BatonDatabase database, RunLinksStore store)
{
    private const int MaxExperiments = 20;
    private const int MaxSummaries = 1000;

    public Task<IReadOnlyList<DatasetSummary>> HandleAsync(Caller caller, IReadOnlyList<string> experimentIds, CancellationToken cancellation)
    {
        if (experimentIds.Count == 0)
            throw Refusal.Invalid("SearchDatasets request must specify at least one experiment_id.");
        if (experimentIds.Count > MaxExperiments)
            throw Refusal.Invalid(
                $"SearchDatasets request cannot specify more than {MaxExperiments} experiment_ids. Received {experimentIds.Count} experiment_ids.");
        var ids = experimentIds.Select(ReadExperiments.ParseId).Distinct().ToArray();
        return database.ReadAsync(sql => store.SummariesAsync(sql, caller.Project, ids, MaxSummaries), cancellation);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapAjax("POST", "experiments/search-datasets", Permission.ReadRuns, async (
        MlflowRequest request, Caller caller, SearchDatasets search, CancellationToken cancellation) =>
    {
        var summaries = await search.HandleAsync(caller, request.Strings("experiment_ids"), cancellation);
        return MlflowAnswer.Of(new { DatasetSummaries = summaries.Select(Summary.Of).ToList().OrNothing() });
    });

    private sealed record Summary(string ExperimentId, string Name, string Digest, string? Context)
    {
        public static Summary Of(DatasetSummary found) =>
            new(found.ExperimentId.ToString(CultureInfo.InvariantCulture), found.Name, found.Digest, found.Context);
    }
}
