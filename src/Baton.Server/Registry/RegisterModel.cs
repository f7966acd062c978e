using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Registry;

/// <summary>Opens a line of versions.</summary>
internal sealed class RegisterModel(Writes writes, RegistryStore store)
{
    public async Task<RegisteredModel> HandleAsync(
        Caller caller, ModelName name, string? description, IReadOnlyDictionary<string, string> tags, CancellationToken cancellation)
    {
        try
        {
            return await writes.RunAsync(caller, async change =>
            {
                await store.InsertModelAsync(change, name.Value, description, tags);
                await change.RecordAsync("model.registered", name.Subject, new { description });
                return (await store.FindModelAsync(change.Sql, change.Project, name.Value))!;
            }, cancellation);
        }
        catch (UniqueViolationException)
        {
            throw RegistryErrors.ModelExists(name.Value);
        }
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflow("POST", "registered-models/create", Permission.WriteRegistry, async (
        MlflowRequest request, Caller caller, RegisterModel register, CancellationToken cancellation) =>
    {
        var model = await register.HandleAsync(
            caller, ModelName.Parse(request.Required("name")), request.Optional("description"), request.Pairs("tags"), cancellation);
        return MlflowAnswer.Of(new { RegisteredModel = MlflowRegisteredModel.Of(model) });
    });
}
