using Baton.Contracts;
using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Registry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Handoff;

/// <summary>Reads the counter-offers of a model.</summary>
internal sealed class ReadOffers(BatonDatabase database, HandoffStore store)
{
    /// <summary>Newest first; of one clause, or of all.</summary>
    public async Task<IReadOnlyList<CounterOffer>> ListAsync(Caller caller, ModelName model, string? clause, CancellationToken cancellation) =>
        [.. (await database.ReadAsync(sql => store.ListOffersAsync(sql, caller.Project, model.Value), cancellation)).Where(o => clause is null || o.Clause == clause)];

    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("GET", "models/{name}/contract/counter-offers", Permission.ReadHandoff, async (
        string name, string? clause, Caller caller, ReadOffers read, CancellationToken cancellation) =>
    {
        var offers = await read.ListAsync(caller, ModelName.Parse(name), clause, cancellation);
        return Results.Json(new Listing([.. offers.Select(OfferView.Of)]), Documents.Compact);
    });

    private sealed record Listing(IReadOnlyList<OfferView> CounterOffers);
}
