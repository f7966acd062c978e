using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Search;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Registry;

/// <summary>Finds registered models by a filter, in an order, page by page. Prompts are left out unless the filter speaks of them.</summary>
internal sealed class SearchModels(BatonDatabase database, RegistryStore store)
{
    private const int DefaultPage = 100;
    private const int LargestPage = 1_000;

    /// <summary>The words of its filters and orders.</summary>
    public static SearchLanguage Language { get; } = new()
    {
        Subject = "registered models",
        Entities = RegistrySearch.Entities,
        Attributes = SearchLanguage.Table(
        [
            new("name"), new("description"), new("alias"), new("creation_timestamp", IsNumber: true), new("last_updated_timestamp", IsNumber: true),
        ]),
        Orders = SearchLanguage.Table([new("name"), new("last_updated_timestamp")], "timestamp=last_updated_timestamp"),
        UnknownEntity = RegistrySearch.UnknownEntity,
    };

    public Task<Found<RegisteredModel>> HandleAsync(
        Caller caller, string? filter, IReadOnlyList<string> orderBy, long pageSize, string? pageToken, CancellationToken cancellation)
    {
        var condition = FilterParser.Parse(filter, Language);
        var orders = OrderParser.Parse(orderBy, Language);
        List<SortKey> keys =
        [
            .. orders.Select(o => o.Field.Key == "name" ? new SortKey("m.name", SortType.Text, o.Descending) : new SortKey("m.updated_at", SortType.Integer, o.Descending)),
        ];
        if (orders.All(o => o.Field.Key != "name"))
            keys.Add(new SortKey("m.name", SortType.Text));
        var digest = PageToken.SearchOf([Language.Subject, caller.Project, filter?.Trim() ?? "", orderBy]);
        var after = PageToken.Read(pageToken, digest, keys);
        return database.ReadAsync(async session =>
        {
            var sql = new SqlText(session.Dialect);
            var where = RegistrySearch.Where("m", "registered_model_tags t WHERE t.project = m.project AND t.name = m.name", condition, new Fields(), caller.Project, sql);
            var columns = string.Join(", ", RegistryStore.ModelColumns.Split(", ").Select(c => "m." + c));
            var found = await new PageRead<RegisteredModel>(columns, RegistryStore.ModelOf, "registered_models m", where, keys).RunAsync(session, sql, digest, after, pageSize);
            return found with { Rows = await store.LoadModelsAsync(session, caller.Project, found.Rows) };
        }, cancellation);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflow("GET", "registered-models/search", Permission.ReadRegistry, async (
        MlflowRequest request, Caller caller, SearchModels search, CancellationToken cancellation) =>
    {
        var found = await search.HandleAsync(
            caller,
            request.Optional("filter"),
            request.Strings("order_by"),
            PageSize.Of(request, DefaultPage, LargestPage, least: 0),
            request.Optional("page_token"),
            cancellation);
        return MlflowAnswer.Of(new { RegisteredModels = found.Rows.Select(MlflowRegisteredModel.Of).ToList().OrNothing(), NextPageToken = found.Next });
    });

    private sealed class Fields : IFieldSql
    {
        public string Test(Comparison comparison, SqlText sql) => comparison.Field switch
        {
            { Kind: FieldKind.Tag } => RegistrySearch.Tag("registered_model_tags t WHERE t.project = m.project AND t.name = m.name", comparison, sql),
            { Key: "alias" } => ConditionSql.OfRow("registered_model_aliases a WHERE a.project = m.project AND a.name = m.name", "a.alias", comparison, sql),
            { Key: "creation_timestamp" } => ConditionSql.OfValue("(m.created_at / 1000)", comparison, sql),
            { Key: "last_updated_timestamp" } => ConditionSql.OfValue("(m.updated_at / 1000)", comparison, sql),
            var field => ConditionSql.OfValue($"m.{field.Key}", comparison, sql),
        };
    }
}
