using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Registry;

/// <summary>Opens a line of versions.</summary>
internal sealed class RegisterModel(Writes writes, RegistryStore store)
{
    public Task<RegisteredModel> HandleAsync(
        Caller caller, ModelName name, string? description, IReadOnlyDictionary<string, string> tags, CancellationToken cancellation)
    {
        TagRule.Checked(tags);
        return writes.RunAsync(caller, async change =>
        {
            if (!await store.InsertModelAsync(change, name.Value, description, tags))
            {
                var byPrompt = await store.FindModelTagAsync(change.Sql, change.Project, name.Value, RegisteredModel.PromptTag) is { } value
                    && value.Equals("true", StringComparison.OrdinalIgnoreCase);
                throw RegistryErrors.NameTaken(name.Value, byPrompt, RegisteredModel.IsPrompt(tags));
            }

            await change.RecordAsync("model.registered", name.Subject, new { description, tags = tags.Count == 0 ? null : tags });
            return (await store.FindModelAsync(change.Sql, change.Project, name.Value))!;
        }, cancellation);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflowOnce("POST", "registered-models/create", Permission.WriteRegistry, async (
        MlflowRequest request, Caller caller, RegisterModel register, CancellationToken cancellation) =>
    {
        var model = await register.HandleAsync(
            caller, ModelName.Parse(request.Required("name")), request.Optional("description"), request.Pairs("tags"), cancellation);
        return MlflowAnswer.Of(new { RegisteredModel = MlflowRegisteredModel.Of(model) });
    });
}
