using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Registry;

/// <summary>Says anew what a model is.</summary>
internal sealed class UpdateModel(Writes writes, RegistryStore store)
{
    public Task<RegisteredModel> HandleAsync(Caller caller, ModelName name, string? description, CancellationToken cancellation) => writes.RunAsync(caller, async change =>
    {
        if (!await store.UpdateModelAsync(change, name.Value, description))
            throw RegistryErrors.NoModel(name.Value);
        await change.RecordAsync("model.updated", name.Subject, new { description });
        return (await store.FindModelAsync(change.Sql, change.Project, name.Value))!;
    }, cancellation);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflow("PATCH", "registered-models/update", Permission.WriteRegistry, async (
        MlflowRequest request, Caller caller, UpdateModel update, CancellationToken cancellation) =>
    {
        var model = await update.HandleAsync(caller, ModelName.Parse(request.Required("name")), request.Optional("description"), cancellation);
        return MlflowAnswer.Of(new { RegisteredModel = MlflowRegisteredModel.Of(model) });
    });
}
