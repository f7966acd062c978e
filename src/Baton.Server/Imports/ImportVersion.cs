using System.Globalization;
using Baton.Contracts;
using Baton.Server.Handoff;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ids;
using Baton.Server.Platform.Ledger;
using Baton.Server.Registry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Imports;

/// <summary>
/// Imports a version after its files. Again is no change. A stage is taken over only where no contract is in force: what the gate watches, a version
/// enters through the gate.
/// </summary>
internal sealed class ImportVersion(Writes writes, AdoptVersion adopt, ReadContracts contracts, ImportsStore store)
{
    public async Task<AdoptVersion.Outcome> HandleAsync(Caller caller, Request request, CancellationToken cancellation)
    {
        var name = ModelName.Parse(request.Name);
        var given = new ModelVersion
        {
            Name = name.Value,
            Version = request.Version,
            Description = request.Description ?? "",
            Source = request.Location,
            RunId = request.RunId ?? "",
            RunLink = request.RunLink ?? "",
            ModelId = request.ModelId,
            StorageLocation = request.StorageLocation,
            Stage = request.Stage,
            CreatedBy = request.UserId ?? "",
            CreatedAt = Instants.FromMillis(request.CreationTime, "creation_time"),
            UpdatedAt = Instants.FromMillis(request.LastUpdateTime, "last_update_time"),
            Tags = request.Tags,
        };
        var gated = await contracts.FindAsync(caller, name, null, cancellation) is { Status: ContractRecord.InForce };
        var prefix = $"{name.Value}/";
        var id = prefix + request.Version.ToString(CultureInfo.InvariantCulture);
        return await writes.RunAsync(caller, async change =>
        {
            var before = await store.FindAsync(change.Sql, change.Project, request.Source, ImportKinds.Version, [id]);
            var outcome = await adopt.HandleAsync(change, new AdoptVersion.Request(
                given,
                request.Package,
                request.Aliases,
                before is [var mark] ? long.Parse(mark.Target, CultureInfo.InvariantCulture) : null,
                await store.TargetsBelowAsync(change.Sql, change.Project, request.Source, ImportKinds.Version, prefix),
                KeepsStage: !gated,
                request.Source));
            await store.PutAsync(
                change, request.Source, ImportKinds.Version, [new Mark(id, request.Digest, outcome.Version.ToString(CultureInfo.InvariantCulture))]);
            return outcome;
        }, cancellation);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("POST", "import/versions", Permission.Import, async (
        HttpRequest request, Caller caller, ImportVersion import, CancellationToken cancellation) =>
        Results.Json(await import.HandleAsync(caller, await ImportBody.ReadAsync<Request>(request, cancellation), cancellation), Documents.Compact));

    /// <summary>
    /// A version as it was at the source; times are milliseconds. <c>location</c> is where it was registered from, <c>package</c> the artifact root
    /// here that its files were brought to.
    /// </summary>
    public sealed record Request(
        string Source,
        string Digest,
        string Name,
        long Version,
        string? Description,
        string Location,
        string? StorageLocation,
        string? Package,
        string? RunId,
        string? RunLink,
        string? ModelId,
        string? UserId,
        string Stage,
        long CreationTime,
        long LastUpdateTime,
        IReadOnlyDictionary<string, string> Tags,
        IReadOnlyList<string> Aliases) : IImport;
}
