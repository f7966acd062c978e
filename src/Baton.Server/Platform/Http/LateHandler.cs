using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Baton.Server.Platform.Http;

/// <summary>
/// A route's handler, bound to its parameters at the first request: binding compiles code, and doing that for some hundreds of routes was most of the
/// time that the server took to start.
/// </summary>
internal sealed class LateHandler
{
    private readonly Lazy<RequestDelegate> _bound;

    private LateHandler(IServiceProvider services, IEnumerable<string> parameters, Delegate handler) => _bound = new(() => RequestDelegateFactory.Create(
        handler,
        new RequestDelegateFactoryOptions
        {
            ServiceProvider = services,
            RouteParameterNames = parameters,
            DisableInferBodyFromParameters = true,
            ThrowOnBadRequest = true,
        }).RequestDelegate);

    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder routes, string pattern, IEnumerable<string> verbs, Delegate handler)
    {
        var parsed = RoutePatternFactory.Parse(pattern);
        var late = new LateHandler(routes.ServiceProvider, [.. parsed.Parameters.Select(p => p.Name)], handler);
        return routes.MapMethods(pattern, verbs, late.InvokeAsync);
    }

    private Task InvokeAsync(HttpContext context) => _bound.Value(context);
}
