using Baton.Server.Deployments;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Registry;
using Baton.Server.Ui.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Baton.Server.Ui;

/// <summary>Pages of endpoints and their predictions.</summary>
internal static partial class UiModule
{
    private static void AddEndpointPages(IServiceCollection services)
    {
        services.TryAddSingleton<ReadEndpointStory>();
        services.TryAddSingleton<ReadPredictionStory>();
    }

    private static void MapEndpointPages(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/endpoints", () => Page<EndpointsPage>());
        routes.MapPage("/endpoints/{name}", (string name, string? left) =>
            Page<EndpointPage>(("Name", EndpointName.Parse(name).Value), ("Left", left is null ? null : ModelVersion.ParseNumber(left))));
        routes.MapPage("/endpoints/{name}/predictions/{id}", (string name, string id) =>
            Page<PredictionPage>(("Name", EndpointName.Parse(name).Value), ("Id", id)));
        routes.MapRoute("/endpoints/{name}/rollback", ["POST"], RollBackAsync).Requires(Permission.WriteDeployments);
        routes.MapRoute("/endpoints/{name}/predictions/{id}/replay", ["POST"], ReplayAsync).Requires(Permission.ReplayPredictions);
    }

    /// <summary>Rolls back from the version that the page showed, then shows the endpoint again: what came of it follows from how things stand.</summary>
    private static async Task<IResult> RollBackAsync(
        string name, HttpRequest request, Caller caller, PageRequest page, RollBackEndpoint rollBack, CancellationToken cancellation)
    {
        var form = await request.ReadFormAsync(cancellation);
        var left = ModelVersion.ParseNumber(form["expected_current"].ToString());
        var reason = form["reason"].ToString().Trim();
        try
        {
            await rollBack.HandleAsync(
                caller, EndpointName.Parse(name), left.ToString(System.Globalization.CultureInfo.InvariantCulture), reason.Length == 0 ? null : reason, cancellation);
        }
        catch (Refusal refused) when (refused.Code == ProblemCode.EndpointMoved || refused.Code == ProblemCode.NotReady)
        {
            // The page shows why.
        }

        return SeeOther($"{page.Endpoint(name)}?left={left}");
    }

    /// <summary>Answers with the page itself: a replay changes nothing that could be shown again, so there is no address to lead to.</summary>
    private static async Task<IResult> ReplayAsync(string name, string id, HttpRequest request, CancellationToken cancellation)
    {
        var form = await request.ReadFormAsync(cancellation);
        return Page<PredictionPage>(("Name", EndpointName.Parse(name).Value), ("Id", id), ("Replay", form["version"].ToString()));
    }
}
