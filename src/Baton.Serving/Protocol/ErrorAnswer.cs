using System.Globalization;
using System.Text.Json;
using Baton.Inference;
using Baton.Serving.Models;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Baton.Serving.Protocol;

/// <summary>Answers what goes wrong with <c>{"error": text}</c>, the one form that clients of the protocol read.</summary>
internal static partial class ErrorAnswer
{
    /// <summary>Runs a handler and answers its exceptions.</summary>
    public static async Task GuardAsync(HttpContext context, RequestDelegate handler)
    {
        try
        {
            await handler(context);
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested && e is OperationCanceledException or IOException or ConnectionAbortedException)
        {
            // Nobody is left to answer.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            await WriteAsync(context, e);
        }
    }

    /// <summary>The status that an exception is answered with.</summary>
    public static int StatusOf(Exception exception) => exception switch
    {
        RequestException request => request.Status,
        ModelInputException => StatusCodes.Status400BadRequest,
        ModelUnavailableException => StatusCodes.Status503ServiceUnavailable,
        BadHttpRequestException bad => bad.StatusCode,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static async Task WriteAsync(HttpContext context, Exception exception)
    {
        var status = StatusOf(exception);
        var isKnown = status != StatusCodes.Status500InternalServerError || exception is ModelRunException;
        if (!isKnown)
            LogBroken(context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ErrorAnswer)), exception, context.Request.Path);
        var after = (exception as RequestException)?.RetryAfter ?? (exception as ModelUnavailableException)?.RetryAfter;
        context.Response.StatusCode = status;
        if (after is { } pause)
            context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(pause.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        using var answer = new PooledBuffer(512);
        using (var json = new Utf8JsonWriter(answer, JsonAnswer.Options))
        {
            json.WriteStartObject();
            json.WriteString("error", isKnown ? exception.Message : "The serving node failed on this request; its log tells why.");
            json.WriteEndObject();
        }

        await JsonAnswer.SendAsync(context, answer);
    }

    [LoggerMessage(3111, LogLevel.Error, "A request to {Path} failed")]
    private static partial void LogBroken(ILogger log, Exception failure, string path);
}
