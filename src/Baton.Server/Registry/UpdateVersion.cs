using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Registry;

/// <summary>Says anew what a version is.</summary>
internal sealed class UpdateVersion(Writes writes, RegistryStore store)
{
    public Task<ModelVersion> HandleAsync(Caller caller, ModelName name, long number, string description, CancellationToken cancellation) => writes.RunAsync(caller, async change =>
    {
        await store.LockModelAsync(change, name.Value);
        var version = await store.FindVersionAsync(change.Sql, change.Project, name.Value, number) ?? throw RegistryErrors.NoVersion(name.Value, number);
        await store.UpdateVersionAsync(change, name.Value, number, description);
        await change.RecordAsync("version.updated", version.Subject, new { description });
        return version with { Description = description, UpdatedAt = change.Now };
    }, cancellation);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflow("PATCH", "model-versions/update", Permission.WriteRegistry, async (
        MlflowRequest request, Caller caller, UpdateVersion update, CancellationToken cancellation) =>
    {
        var (name, number) = (ModelName.Parse(request.Required("name")), ModelVersion.ParseNumber(request.Required("version")));
        var version = await update.HandleAsync(caller, name, number, request.Optional("description") ?? "", cancellation);
        return MlflowAnswer.Of(new { ModelVersion = MlflowModelVersion.WithAliases(version) });
    });
}
