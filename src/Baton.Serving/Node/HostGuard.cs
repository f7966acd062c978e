using System.Net;
using Microsoft.AspNetCore.Http;

namespace Baton.Serving.Node;

/// <summary>
/// Keeps web pages from using a browser on this machine against the node: the Host must be a name of this machine (DNS rebinding), and a request
/// that a browser says comes from another site is refused (request forgery).
/// </summary>
internal sealed class HostGuard(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        var request = context.Request;
        if (!IsThisMachine(request.Host.Host))
            return RefuseAsync(context, StatusCodes.Status400BadRequest, $"Invalid Host header '{request.Host}' - possible DNS rebinding attack detected. Use localhost or 127.0.0.1.");
        if (IsForeign(request))
            return RefuseAsync(context, StatusCodes.Status403Forbidden, "Cross-origin request blocked: it comes from a page of another origin.");
        return next(context);
    }

    private static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static bool IsForeign(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        return (origin.Length > 0 && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase))
            || request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "none" or "same-origin");
    }

    private static Task RefuseAsync(HttpContext context, int status, string error)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new { error }, context.RequestAborted);
    }
}
