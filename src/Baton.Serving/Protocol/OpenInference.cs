using System.Diagnostics.Metrics;
using Baton.Serving.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Baton.Serving.Protocol;

/// <summary>The Open Inference Protocol, version 2, REST in JSON.</summary>
public static class OpenInference
{
    /// <summary>
    /// Maps <c>/v2</c> and all below it; what is not a route of the protocol is answered with its error object. Needs an <see cref="EndpointTable"/>;
    /// predictions go to the <see cref="IPredictionSink"/> that is registered, or are let go; <see cref="OpenInferenceOptions"/> are taken where registered.
    /// </summary>
    public static RouteGroupBuilder MapOpenInference(this IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        var table = services.GetRequiredService<EndpointTable>();
        var options = services.GetService<OpenInferenceOptions>() ?? new OpenInferenceOptions();
        var server = new ServerEndpoints(table, options);
        var models = new ModelEndpoints(table, options);
        var infer = new InferEndpoint(
            models, services.GetService<IPredictionSink>() ?? new NoPredictionLog(), options, new InferenceMetrics(services.GetRequiredService<IMeterFactory>()),
            services.GetService<TimeProvider>() ?? TimeProvider.System);

        var v2 = routes.MapGroup("/v2");
        v2.MapGet("", Answering(server.MetadataAsync));
        v2.MapGet("/health/live", Answering(server.LiveAsync));
        v2.MapGet("/health/ready", Answering(server.ReadyAsync));
        foreach (var model in (ReadOnlySpan<string>)["/models/{endpoint}", "/models/{endpoint}/versions/{version}"])
        {
            v2.MapGet(model, Answering(models.MetadataAsync));
            v2.MapGet(model + "/ready", Answering(models.ReadyAsync));
            v2.MapPost(model + "/infer", Answering(infer.InferAsync));
        }

        v2.Map("/{**rest}", Answering(NoRoute));
        return v2;
    }

    private static RequestDelegate Answering(RequestDelegate handler) => context => ErrorAnswer.GuardAsync(context, handler);

    private static Task NoRoute(HttpContext context)
    {
        var (method, path) = (context.Request.Method, context.Request.Path.Value ?? "");
        var isInfer = path.EndsWith("/infer", StringComparison.Ordinal);
        if (isInfer ? method != HttpMethods.Post : path.StartsWith("/v2/models/", StringComparison.Ordinal) && method != HttpMethods.Get)
            throw new RequestException($"{path} takes {(isInfer ? "POST" : "GET")}, and {method} came.", StatusCodes.Status405MethodNotAllowed);
        throw new RequestException(
            $"There is no {method} {path}; there are GET /v2, /v2/health/live, /v2/health/ready, /v2/models/ENDPOINT[/versions/V][/ready] and POST /v2/models/ENDPOINT[/versions/V]/infer.",
            StatusCodes.Status404NotFound);
    }
}
