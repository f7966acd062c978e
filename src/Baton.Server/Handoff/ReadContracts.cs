using Baton.Contracts;
using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Registry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Handoff;

/// <summary>Reads the contracts of a model.</summary>
internal sealed class ReadContracts(BatonDatabase database, HandoffStore store)
{
    /// <summary>Newest first.</summary>
    public Task<IReadOnlyList<ContractRecord>> ListAsync(Caller caller, ModelName model, CancellationToken cancellation) =>
        database.ReadAsync(sql => store.ListContractsAsync(sql, caller.Project, model.Value), cancellation);

    /// <summary>The one of a digest; without it the one in force, else the newest proposal. Null where there is none.</summary>
    public async Task<ContractRecord?> FindAsync(Caller caller, ModelName model, string? digest, CancellationToken cancellation)
    {
        var contracts = await ListAsync(caller, model, cancellation);
        return digest is null
            ? contracts.FirstOrDefault(c => c.Status == ContractRecord.InForce) ?? contracts.FirstOrDefault(c => c.Status == ContractRecord.Proposed)
            : contracts.FirstOrDefault(c => c.Digest == digest);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapV1("GET", "models/{name}/contract", Permission.ReadHandoff, async (
            string name, string? digest, Caller caller, ReadContracts read, CancellationToken cancellation) =>
            ContractView.Answer(await read.FindAsync(caller, ModelName.Parse(name), digest, cancellation)
                ?? throw (digest is null ? HandoffErrors.NoContract(name) : Refusal.NotFound($"{name} has no contract {digest}."))));
        routes.MapV1("GET", "models/{name}/contracts", Permission.ReadHandoff, async (
            string name, Caller caller, ReadContracts read, CancellationToken cancellation) =>
        {
            var contracts = await read.ListAsync(caller, ModelName.Parse(name), cancellation);
            return Results.Json(new Listing([.. contracts.Select(ContractView.Of)]), Documents.Compact);
        });
    }

    private sealed record Listing(IReadOnlyList<ContractView> Contracts);
}
