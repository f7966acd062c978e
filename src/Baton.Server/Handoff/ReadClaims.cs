using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Registry;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Handoff;

/// <summary>Reads the claims of a version.</summary>
internal sealed class ReadClaims(BatonDatabase database, HandoffStore store)
{
    /// <summary>The newest; null where none were submitted.</summary>
    public Task<ClaimsRecord?> FindAsync(Caller caller, ModelName model, long version, CancellationToken cancellation) =>
        database.ReadAsync(sql => store.FindClaimsAsync(sql, caller.Project, model.Value, version), cancellation);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("GET", "models/{name}/versions/{version}/claims", Permission.ReadHandoff, async (
        string name, string version, Caller caller, ReadClaims read, CancellationToken cancellation) =>
    {
        var number = ModelVersion.ParseNumber(version);
        return ClaimsView.Answer(await read.FindAsync(caller, ModelName.Parse(name), number, cancellation)
            ?? throw Platform.Errors.Refusal.NotFound($"{name}/{number} has no claims."));
    });
}
