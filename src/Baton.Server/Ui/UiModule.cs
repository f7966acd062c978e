using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Promotion;
using Baton.Server.Registry;
using Baton.Server.Ui.Pages;
using Baton.Server.Verification;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Baton.Server.Ui;

/// <summary>The two doors of the pages.</summary>
internal static partial class UiModule
{
    public static IServiceCollection AddUi(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.TryAddScoped<PageRequest>();
        services.TryAddSingleton<ReadOverview>();
        services.TryAddSingleton<ReadModelStory>();
        services.TryAddSingleton<ReadVersionLap>();
        services.TryAddSingleton<IErrorPage, ErrorPages>();
        AddEndpointPages(services);
        AddContractPages(services);
        return services;
    }

    public static void MapUi(this IEndpointRouteBuilder routes)
    {
        UiAssets.Map(routes);
        routes.MapPage("/", () => Page<HomePage>());
        routes.MapPage("/models/{name}", (string name) => Page<ModelPage>(("Name", name)));
        routes.MapPage("/models/{name}/versions/{version}", (string name, string version, string? asked) =>
            Page<VersionPage>(("Name", name), ("Version", ModelVersion.ParseNumber(version)), ("Asked", asked)));
        routes.MapPage("/runs", (string? experiment, int? limit) => Page<RunsPage>(("Experiment", experiment), ("Limit", limit ?? RunsPage.Step)));
        routes.MapPage("/runs/{id}", (string id) => Page<RunPage>(("Id", id)));
        MapContractPages(routes);
        MapEndpointPages(routes);
        routes.MapPage("/ledger", (string? subject, long? before) => Page<LedgerPage>(("Subject", subject), ("Before", before)));
        // The path of MLflow's own page of a run, as its clients print it.
        routes.MapPage("/experiments/{experiment}/runs/{id}", (string id, PageRequest page) => Results.Redirect(page.Run(id)));
        routes.MapRoute("/models/{name}/versions/{version}/promote", ["POST"], PromoteAsync).Requires(Permission.Promote);
        routes.MapRoute("/models/{name}/versions/{version}/verify", ["POST"], VerifyAsync).Requires(Permission.WriteVerification);
    }

    private static void MapPage(this IEndpointRouteBuilder routes, string path, Delegate page) => routes.MapRoute(path, ["GET"], page).Requires(Permission.ReadPages);

    private static PageResult<TPage> Page<TPage>(params (string Name, object? Value)[] parameters)
        where TPage : IComponent => new(parameters.ToDictionary(p => p.Name, p => p.Value));

    /// <summary>Moves past the gate, then shows the version again: what it says of the stage asked for follows from how things stand.</summary>
    private static async Task<IResult> PromoteAsync(
        string name, string version, HttpRequest request, Caller caller, PageRequest page, PromoteVersion promote, CancellationToken cancellation)
    {
        var form = await request.ReadFormAsync(cancellation);
        var stage = Stages.Parse(form["stage"].ToString());
        var number = ModelVersion.ParseNumber(version);
        var reason = form["reason"].ToString().Trim();
        try
        {
            await promote.HandleAsync(
                caller,
                new PromoteVersion.Request(ModelName.Parse(name), number, stage, ArchiveOthers: true)
                {
                    ExpectedCurrent = form["expected_current"].ToString(),
                    Reason = reason.Length == 0 ? null : reason,
                },
                cancellation);
        }
        catch (Platform.Errors.Refusal refused) when (refused.Code == Platform.Errors.ProblemCode.GateRefused || refused.Code == Platform.Errors.ProblemCode.StageMoved)
        {
            // The page shows why: a refusal stands in the ledger, a moved stage is seen in what the stage holds.
        }

        return SeeOther($"{page.Version(name, number)}?asked={stage.ToLowerInvariant()}");
    }

    private static async Task<IResult> VerifyAsync(
        string name, string version, Caller caller, PageRequest page, StartVerification start, CancellationToken cancellation)
    {
        var number = ModelVersion.ParseNumber(version);
        await start.HandleAsync(caller, ModelName.Parse(name), number, cancellation);
        return SeeOther(page.Version(name, number));
    }

    private static IResult SeeOther(string address) => new SeeOtherResult(address);

    private sealed class SeeOtherResult(string address) : IResult
    {
        public Task ExecuteAsync(HttpContext context)
        {
            context.Response.StatusCode = StatusCodes.Status303SeeOther;
            context.Response.Headers.Location = address;
            return Task.CompletedTask;
        }
    }
}
