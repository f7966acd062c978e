using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Search;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Registry;

/// <summary>Finds versions of registered models by a filter, in an order, page by page.</summary>
internal sealed class SearchVersions(BatonDatabase database, RegistryStore store)
{
    private const int LargestPage = 200_000;
    private const string Tags = "model_version_tags t WHERE t.project = v.project AND t.name = v.name AND t.version = v.version";

    private static readonly SearchAttribute[] Attributes =
    [
        new("name"), new("version_number", IsNumber: true, TakesQuotedNumber: true), new("run_id"), new("source_path"), new("model_id"), new("alias"), new("current_stage"),
        new("status"), new("user_id"), new("description"), new("creation_timestamp", IsNumber: true), new("last_updated_timestamp", IsNumber: true),
        new("staged_timestamp", IsNumber: true),
    ];

    /// <summary>The words of its filters and orders.</summary>
    public static SearchLanguage Language { get; } = new()
    {
        Subject = "model versions",
        Entities = RegistrySearch.Entities,
        Attributes = SearchLanguage.Table(Attributes, "stage=current_stage", "version=version_number", "source=source_path"),
        Orders = SearchLanguage.Table(Attributes.Where(a => a.Name is "name" or "version_number" or "creation_timestamp" or "last_updated_timestamp")),
        UnknownEntity = RegistrySearch.UnknownEntity,
    };

    public Task<Found<ModelVersion>> HandleAsync(
        Caller caller, string? filter, IReadOnlyList<string> orderBy, long pageSize, string? pageToken, CancellationToken cancellation)
    {
        var condition = FilterParser.Parse(filter, Language);
        var keys = KeysOf(OrderParser.Parse(orderBy, Language));
        var digest = PageToken.SearchOf([Language.Subject, caller.Project, filter?.Trim() ?? "", orderBy]);
        var after = PageToken.Read(pageToken, digest, keys);
        return database.ReadAsync(async session =>
        {
            var sql = new SqlText(session.Dialect);
            var where = RegistrySearch.Where("v", Tags, condition, new Fields(), caller.Project, sql);
            where.Add("v.deleted_at IS NULL");
            var columns = string.Join(", ", RegistryStore.VersionColumns.Split(", ").Select(c => "v." + c));
            var found = await new PageRead<ModelVersion>(columns, RegistryStore.VersionOf, "model_versions v", where, keys).RunAsync(session, sql, digest, after, pageSize);
            return found with { Rows = await store.LoadVersionsAsync(session, caller.Project, found.Rows) };
        }, cancellation);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflow("GET", "model-versions/search", Permission.ReadRegistry, async (
        MlflowRequest request, Caller caller, SearchVersions search, CancellationToken cancellation) =>
    {
        var found = await search.HandleAsync(
            caller,
            request.Optional("filter"),
            request.Strings("order_by"),
            PageSize.Of(request, LargestPage, LargestPage),
            request.Optional("page_token"),
            cancellation);
        return MlflowAnswer.Of(new { ModelVersions = found.Rows.Select(MlflowModelVersion.Of).ToList().OrNothing(), NextPageToken = found.Next });
    });

    private static IReadOnlyList<SortKey> KeysOf(IReadOnlyList<Ordering> orders)
    {
        var keys = orders.Select(o => KeyOf(o.Field.Key, o.Descending)).ToList();
        if (orders.Count == 0)
            keys.Add(KeyOf("last_updated_timestamp", descending: true));
        if (orders.All(o => o.Field.Key != "name"))
            keys.Add(KeyOf("name", descending: false));
        if (orders.All(o => o.Field.Key != "version_number"))
            keys.Add(KeyOf("version_number", descending: true));
        return keys;
    }

    private static SortKey KeyOf(string attribute, bool descending) => attribute switch
    {
        "name" => new SortKey("v.name", SortType.Text, descending),
        "version_number" => new SortKey("v.version", SortType.Integer, descending),
        "creation_timestamp" => new SortKey("v.created_at", SortType.Integer, descending),
        _ => new SortKey("v.updated_at", SortType.Integer, descending),
    };

    private sealed class Fields : IFieldSql
    {
        private static readonly Dictionary<string, string> Columns = new()
        {
            ["name"] = "v.name",
            ["version_number"] = "v.version",
            ["run_id"] = "v.run_id",
            ["source_path"] = "v.source",
            ["model_id"] = "v.model_id",
            ["current_stage"] = "v.stage",
            ["status"] = "'READY'",
            ["user_id"] = "v.created_by",
            ["description"] = "v.description",
            ["creation_timestamp"] = "(v.created_at / 1000)",
            ["last_updated_timestamp"] = "(v.updated_at / 1000)",
            ["staged_timestamp"] = "(v.staged_at / 1000)",
        };

        public string Test(Comparison comparison, SqlText sql) => comparison.Field switch
        {
            { Kind: FieldKind.Tag } => RegistrySearch.Tag(Tags, comparison, sql),
            { Key: "alias" } => ConditionSql.OfRow(
                "registered_model_aliases a WHERE a.project = v.project AND a.name = v.name AND a.version = v.version", "a.alias", comparison, sql),
            var field => ConditionSql.OfValue(Columns[field.Key], comparison, sql),
        };
    }
}
