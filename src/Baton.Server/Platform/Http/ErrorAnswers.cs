using System.Text.Json;
using System.Text.Json.Serialization;
using Baton.Contracts;
using Baton.Database;
using Baton.Server.Platform.Errors;
using Baton.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Baton.Server.Platform.Http;

/// <summary>Turns every failure into an answer: MLflow's error JSON on MLflow's routes, a page for browsers, problem+json elsewhere. Never a stack trace.</summary>
internal sealed partial class ErrorAnswers(RequestDelegate next, ILogger<ErrorAnswers> log, IErrorPage page)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception thrown) when (!context.Response.HasStarted)
        {
            var refusal = RefusalOf(thrown, context);
            var guard = context.Response.Headers.ContentSecurityPolicy;
            context.Response.Clear();
            context.Response.Headers.ContentSecurityPolicy = guard;
            context.Response.Headers.XContentTypeOptions = "nosniff";
            await WriteAsync(context, refusal);
            return;
        }

        if (context.Response is { HasStarted: false, StatusCode: 404 or 405, ContentLength: null, ContentType: null } && context.GetEndpoint() is not RouteEndpoint { RequestDelegate: not null })
            await WriteAsync(context, new Refusal(ProblemCode.NoRoute, $"There is no {context.Request.Method} {context.Request.Path}."), context.Response.StatusCode);
    }

    public static bool SpeaksMlflow(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/get-artifact") || context.Request.Path.StartsWithSegments("/model-versions") ||
        context.Request.Path.StartsWithSegments("/api/2.0") || context.Request.Path.StartsWithSegments("/ajax-api") || context.Request.Path.StartsWithSegments("/api/3.0")
        || RefusedRoutes.IsUnversioned(context.Request.Path);

    private Refusal RefusalOf(Exception thrown, HttpContext context)
    {
        switch (thrown)
        {
            case Refusal refusal:
                return refusal;
            case BadHttpRequestException { StatusCode: 413 }:
                return new Refusal(ProblemCode.TooLarge, "The body is larger than this route takes.");
            case BadHttpRequestException bad:
                return Refusal.Invalid(bad.Message);
            case JsonException json:
                return Refusal.Invalid($"The JSON does not fit: {json.Message}");
            case BlobCorruptException corrupt:
                LogCorrupt(log, corrupt.Message);
                return new Refusal(ProblemCode.BlobCorrupt, corrupt.Message);
            case DatabaseUnavailableException:
                LogUnavailable(log, thrown);
                return new Refusal(ProblemCode.DatabaseUnavailable, thrown.Message);
            default:
                LogUnexpected(log, thrown, context.Request.Method, context.Request.Path, context.TraceIdentifier);
                return new Refusal(ProblemCode.InternalError, $"Baton failed unexpectedly; its log has the details under {context.TraceIdentifier}.");
        }
    }

    /// <summary>Whether a person asks with a browser, for a page.</summary>
    private static bool IsForPeople(HttpContext context) =>
        !context.Request.Path.StartsWithSegments("/api") && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);

    private Task WriteAsync(HttpContext context, Refusal refusal, int? status = null)
    {
        context.Response.StatusCode = status ?? refusal.Code.Status;
        if (refusal.Code == ProblemCode.DatabaseUnavailable)
            context.Response.Headers.RetryAfter = "1";
        if (SpeaksMlflow(context))
            return context.Response.WriteAsJsonAsync(new MlflowError(refusal.Code.MlflowCode, refusal.Message), Documents.Compact);
        if (IsForPeople(context))
            return page.WriteAsync(context, refusal, context.Response.StatusCode);
        var faults = refusal.Faults.Count == 0 ? null : refusal.Faults;
        var problem = new Problem("about:blank", refusal.Code.Title, context.Response.StatusCode, refusal.Code.Code, refusal.Message, refusal.Verdict, faults);
        return context.Response.WriteAsJsonAsync(problem, Documents.Compact, "application/problem+json");
    }

    [LoggerMessage(1001, LogLevel.Error, "{Method} {Path} failed ({TraceId})")]
    private static partial void LogUnexpected(ILogger log, Exception thrown, string method, PathString path, string traceId);

    [LoggerMessage(1002, LogLevel.Error, "A stored file is corrupt: {Detail}")]
    private static partial void LogCorrupt(ILogger log, string detail);

    [LoggerMessage(1003, LogLevel.Error, "The database does not answer")]
    private static partial void LogUnavailable(ILogger log, Exception thrown);

    private sealed record Problem(string Type, string Title, int Status, string Code, string Detail, Verdict? Verdict, IReadOnlyList<Fault>? Errors);

    private sealed record MlflowError([property: JsonPropertyName("error_code")] string ErrorCode, string Message);
}
