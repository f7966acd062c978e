using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Search;
using Baton.Server.Runs.Searching;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Runs;

/// <summary>Finds runs of experiments by a filter, in an order, page by page.</summary>
internal sealed class SearchRuns(BatonDatabase database, RunSearchStore store, ArrivedPoints arrived)
{
    private const int DefaultPage = 1_000;
    private const int LargestPage = 50_000;

    public async Task<Found<Run>> HandleAsync(Caller caller, RunSearchRequest request, CancellationToken cancellation)
    {
        var condition = FilterParser.Parse(request.Filter, RunLanguage.Language);
        var orders = OrderParser.Parse(request.OrderBy, RunLanguage.Language);
        if (request.ExperimentIds.Count == 0)
            return Found<Run>.None;
        if (request.OrderBy.Append(request.Filter).Any(text => text?.Contains(".at", StringComparison.Ordinal) == true))
            await arrived.SettleAllAsync(caller, cancellation);
        var ids = request.ExperimentIds.Distinct().Order().ToArray();
        var digest = PageToken.SearchOf([RunLanguage.Language.Subject, caller.Project, request.Filter?.Trim() ?? "", request.OrderBy, request.Lifecycle, ids]);
        var search = new RunSearch(ids, request.Lifecycle, condition, orders, digest);
        return await database.ReadAsync(sql => store.FindAsync(sql, caller.Project, search, request.PageToken, request.PageSize), cancellation);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflow("POST", "runs/search", Permission.ReadRuns, async (
        MlflowRequest request, Caller caller, SearchRuns search, CancellationToken cancellation) =>
    {
        var found = await search.HandleAsync(caller, RequestOf(request), cancellation);
        // Only runs/get tells what models a run read.
        return MlflowAnswer.WritePage("runs", found.Rows, (json, run) => MlflowRun.Write(json, run.ModelInputs.Count == 0 ? run : run with { ModelInputs = [] }), found.Next);
    });

    private static RunSearchRequest RequestOf(MlflowRequest request) => new(
        [.. request.Strings("experiment_ids").Select(ReadExperiments.ParseId)],
        request.Optional("filter"),
        request.Strings("order_by"),
        Lifecycle.Of(request, "run_view_type"),
        PageSize.Of(request, DefaultPage, LargestPage),
        request.Optional("page_token"));
}

/// <summary>What <c>runs/search</c> is asked.</summary>
/// <param name="ExperimentIds">Where to look; nowhere finds nothing.</param>
/// <param name="Filter">The filter; null or empty matches all.</param>
/// <param name="OrderBy">The order; the latest start first where it is empty.</param>
/// <param name="Lifecycle"><c>active</c>, <c>deleted</c>, or null for both.</param>
/// <param name="PageSize">The most runs of a page.</param>
/// <param name="PageToken">Where to go on.</param>
internal sealed record RunSearchRequest(
    IReadOnlyList<long> ExperimentIds, string? Filter, IReadOnlyList<string> OrderBy, string? Lifecycle, long PageSize, string? PageToken);
