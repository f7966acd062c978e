using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Search;
using Baton.Server.Runs.Searching;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Runs.LoggedModels;

/// <summary>Finds logged models of experiments by a filter, by datasets their metrics were measured on, in an order, page by page.</summary>
internal sealed class SearchLoggedModels(BatonDatabase database, LoggedModelsStore store)
{
    private const int DefaultPage = 50;
    private const int PageOfZero = 100;
    private const int LargestPage = 50_000;
    private const int MostDatasets = 100;

    public async Task<Found<LoggedModel>> HandleAsync(Caller caller, LoggedModelSearch search, string? pageToken, long pageSize, CancellationToken cancellation)
    {
        if (search.ExperimentIds.Count == 0)
            throw MlflowRequest.MissingAt("experiment_ids");
        if (search.Datasets.Count > MostDatasets)
            throw Refusal.Invalid($"Invalid value for parameter 'datasets' supplied: it has {search.Datasets.Count} datasets, and at most {MostDatasets} are taken.");
        var condition = FilterParser.Parse(search.Filter, LoggedModelLanguage.Language);
        var digest = PageToken.SearchOf(
            ["logged models", caller.Project, search.Filter?.Trim() ?? "", search.ExperimentIds.Order(), search.Datasets.Select(d => new[] { d.Name, d.Digest }),
                search.OrderBy.Select(o => new[] { o.FieldName, o.Ascending ? "ASC" : "DESC", o.Dataset?.Name, o.Dataset?.Digest })]);
        return await database.ReadAsync(async session =>
        {
            var meant = await MetricKeys.MeaningAsync(session, caller.Project, condition?.Comparisons.Select(c => c.Field) ?? []);
            var sql = new SqlText(session.Dialect);
            var fields = new LoggedModelFields(search.Datasets);
            var keys = LoggedModelOrder.KeysOf(search.OrderBy, sql);
            List<string> where =
            [
                $"m.project = {sql.Add(caller.Project)}",
                sql.Dialect.Among("m.experiment_id", sql.Add(search.ExperimentIds.ToArray())),
                "m.lifecycle_stage = 'active'",
            ];
            if (condition is not null)
                where.Add(ConditionSql.Of(condition.About(meant), fields, sql));
            // Datasets narrow down the metric conditions; where there is none, a metric of any kind must be on one of them.
            if (search.Datasets.Count > 0 && condition?.Comparisons.Any(c => c.Field.Kind == FieldKind.Metric) != true)
                where.Add(fields.MeasuredOnDatasets(sql));
            var columns = string.Join(", ", LoggedModelsStore.Columns.Split(", ").Select(c => "m." + c));
            var found = await new PageRead<LoggedModel>(columns, ModelOf, "logged_models m", where, keys)
                .RunAsync(session, sql, digest, PageToken.Read(pageToken, digest, keys), pageSize);
            return found with { Rows = await store.LoadAsync(session, caller.Project, found.Rows) };
        }, cancellation);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflow("POST", "logged-models/search", Permission.ReadRuns, async (
        MlflowRequest request, Caller caller, SearchLoggedModels search, CancellationToken cancellation) =>
    {
        var asked = new LoggedModelSearch(
            [.. request.Strings("experiment_ids").Select(ReadExperiments.ParseId).Distinct()],
            request.Optional("filter"),
            [.. request.Objects("datasets").Select(DatasetOf)],
            [.. request.Objects("order_by").Select(OrderOf)]);
        var size = PageSize.Of(request, DefaultPage, long.MaxValue, least: 0);
        var found = await search.HandleAsync(
            caller, asked, request.Optional("page_token"), size == 0 ? PageOfZero : Math.Min(size, LargestPage), cancellation);
        return MlflowAnswer.Of(new { Models = found.Rows.Select(MlflowLoggedModel.Of).ToList().OrNothing(), NextPageToken = found.Next });
    });

    private static MeasuredDataset DatasetOf(MlflowRequest request) =>
        new(request.Required("dataset_name"), request.Optional("dataset_digest") is { Length: > 0 } digest ? digest : null);

    private static LoggedModelOrdering OrderOf(MlflowRequest request) => new(
        request.Required("field_name"),
        !request.Has("ascending") || request.Flag("ascending"),
        request.Optional("dataset_name") is { Length: > 0 } name ? new MeasuredDataset(name, request.Optional("dataset_digest") is { Length: > 0 } digest ? digest : null) : null);

    private static LoggedModel ModelOf(IRow row) => new()
    {
        ModelId = row.Text(0),
        ExperimentId = row.Integer(1),
        Name = row.Text(2),
        ModelType = row.Text(3),
        SourceRunId = row.Text(4),
        Status = (LoggedModelStatus)row.Integer(5),
        ArtifactUri = row.Text(6),
        LifecycleStage = row.Text(7),
        CreatedAt = row.Integer(8),
        UpdatedAt = row.Integer(9),
    };
}

/// <summary>What <c>logged-models/search</c> is asked.</summary>
internal sealed record LoggedModelSearch(
    IReadOnlyList<long> ExperimentIds, string? Filter, IReadOnlyList<MeasuredDataset> Datasets, IReadOnlyList<LoggedModelOrdering> OrderBy);

/// <summary>A dataset that metrics were measured on; without a digest, any of that name.</summary>
internal sealed record MeasuredDataset(string Name, string? Digest);

/// <summary>One item of an order of logged models.</summary>
internal sealed record LoggedModelOrdering(string FieldName, bool Ascending, MeasuredDataset? Dataset);
