using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Search;
using Microsoft.AspNetCore.Routing;
using CultureInfo = System.Globalization.CultureInfo;

namespace Baton.Server.Runs;

/// <summary>Finds experiments by a filter, in an order, page by page.</summary>
internal sealed class SearchExperiments(BatonDatabase database, RunsStore store)
{
    private const int DefaultPage = 1_000;
    private const int LargestPage = 50_000;

    private static readonly SearchAttribute[] Attributes =
    [
        new("name"), new("creation_time", IsNumber: true), new("last_update_time", IsNumber: true), new("experiment_id", TakesNumber: true),
        new("lifecycle_stage"), new("artifact_location"),
    ];

    /// <summary>The words of its filters and orders.</summary>
    public static SearchLanguage Language { get; } = new()
    {
        Subject = "experiments",
        Entities = new Dictionary<string, FieldKind>
        {
            ["tags"] = FieldKind.Tag,
            ["tag"] = FieldKind.Tag,
            ["attributes"] = FieldKind.Attribute,
            ["attribute"] = FieldKind.Attribute,
            ["attr"] = FieldKind.Attribute,
        },
        Attributes = SearchLanguage.Table(Attributes),
        Orders = SearchLanguage.Table(Attributes.Where(a => a.Name is "name" or "experiment_id" or "creation_time" or "last_update_time")),
        UnknownEntity = word => $"Invalid entity type '{word}'. Valid entity types are ('attribute', 'tag', 'tags')",
    };

    public Task<Found<Experiment>> HandleAsync(
        Caller caller, string? filter, IReadOnlyList<string> orderBy, string? lifecycle, long pageSize, string? pageToken, CancellationToken cancellation)
    {
        var condition = FilterParser.Parse(filter, Language);
        var keys = KeysOf(OrderParser.Parse(orderBy, Language));
        var digest = PageToken.SearchOf([Language.Subject, caller.Project, filter?.Trim() ?? "", orderBy, lifecycle]);
        var after = PageToken.Read(pageToken, digest, keys);
        return database.ReadAsync(async session =>
        {
            var sql = new SqlText(session.Dialect);
            List<string> where = [$"e.project = {sql.Add(caller.Project)}"];
            if (lifecycle is not null)
                where.Add($"e.lifecycle_stage = {sql.Add(lifecycle)}");
            if (condition is not null)
                where.Add(ConditionSql.Of(condition, new Fields(), sql));
            var columns = string.Join(", ", RunsStore.ExperimentColumns.Split(", ").Select(c => "e." + c));
            var found = await new PageRead<Experiment>(columns, ExperimentOf, "experiments e", where, keys).RunAsync(session, sql, digest, after, pageSize);
            return found with { Rows = await store.LoadExperimentsAsync(session, caller.Project, found.Rows) };
        }, cancellation);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var verb in (ReadOnlySpan<string>)["GET", "POST"])
        {
            routes.MapMlflow(verb, "experiments/search", Permission.ReadRuns, async (
                MlflowRequest request, Caller caller, SearchExperiments search, CancellationToken cancellation) =>
            {
                var found = await search.HandleAsync(
                    caller,
                    request.Optional("filter"),
                    request.Strings("order_by"),
                    Lifecycle.Of(request, "view_type"),
                    PageSize.Of(request, DefaultPage, LargestPage),
                    request.Optional("page_token"),
                    cancellation);
                return MlflowAnswer.Of(new { Experiments = found.Rows.Select(Answer).ToList().OrNothing(), NextPageToken = found.Next });
            });
        }
    }

    private static object Answer(Experiment e) => new
    {
        ExperimentId = e.ExperimentId.ToString(CultureInfo.InvariantCulture),
        e.Name,
        e.ArtifactLocation,
        e.LifecycleStage,
        LastUpdateTime = e.UpdatedAt / 1000,
        CreationTime = e.CreatedAt / 1000,
        Tags = MlflowPair.Of(e.Tags),
    };

    // The ids go up where no order is asked for, and down where one is: so MLflow does.
    private static IReadOnlyList<SortKey> KeysOf(IReadOnlyList<Ordering> orders)
    {
        if (orders.Count == 0)
            return [new SortKey("e.created_at", SortType.Integer, Descending: true), new SortKey("e.experiment_id", SortType.Integer)];
        var keys = orders.Select(o => o.Field.Key switch
        {
            "name" => new SortKey("e.name", SortType.Text, o.Descending),
            "creation_time" => new SortKey("e.created_at", SortType.Integer, o.Descending),
            "last_update_time" => new SortKey("e.updated_at", SortType.Integer, o.Descending),
            _ => new SortKey("e.experiment_id", SortType.Integer, o.Descending),
        }).ToList();
        if (orders.All(o => o.Field.Key != "experiment_id"))
            keys.Add(new SortKey("e.experiment_id", SortType.Integer, Descending: true));
        return keys;
    }

    private static Experiment ExperimentOf(IRow row) => new()
    {
        ExperimentId = row.Integer(0),
        Name = row.Text(1),
        ArtifactLocation = row.Text(2),
        LifecycleStage = row.Text(3),
        CreatedAt = row.Integer(4),
        UpdatedAt = row.Integer(5),
    };

    private sealed class Fields : IFieldSql
    {
        private static readonly Dictionary<string, string> Columns = new()
        {
            ["name"] = "e.name",
            ["creation_time"] = "(e.created_at / 1000)",
            ["last_update_time"] = "(e.updated_at / 1000)",
            ["experiment_id"] = "CAST(e.experiment_id AS TEXT)",
            ["lifecycle_stage"] = "e.lifecycle_stage",
            ["artifact_location"] = "e.artifact_location",
        };

        public string Test(Comparison comparison, SqlText sql) => comparison.Field.Kind == FieldKind.Tag
            ? ConditionSql.OfRow(
                $"experiment_tags t WHERE t.project = e.project AND t.experiment_id = e.experiment_id AND t.key = {sql.Add(comparison.Field.Key)}", "t.value", comparison, sql)
            : ConditionSql.OfValue(Columns[comparison.Field.Key], comparison, sql);
    }
}
