using System.Net;
using Baton.Server.Platform.Errors;
using Microsoft.AspNetCore.Http;

namespace Baton.Server.Platform.Access;

/// <summary>
/// Keeps other web pages from using a browser on this machine against Baton: the Host must be a name of this machine (DNS rebinding), and what a
/// browser says of a request's origin must be this very origin (request forgery). .NET 10 has no such check of its own.
/// </summary>
internal sealed class BrowserGuard(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var (request, headers) = (context.Request, context.Response.Headers);
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "SAMEORIGIN";
        headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'";
        headers["Referrer-Policy"] = "same-origin";
        if (!IsThisMachine(request.Host.Host))
            throw new Refusal(ProblemCode.InvalidHost, $"Invalid Host header '{request.Host}' - possible DNS rebinding attack detected. Use localhost or 127.0.0.1.");
        if (IsForeign(request))
            throw new Refusal(ProblemCode.CrossOrigin, "Cross-origin request blocked: it comes from a page of another origin.");
        return next(context);
    }

    private static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static bool IsForeign(HttpRequest request)
    {
        var safe = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        var origin = request.Headers.Origin.ToString();
        if (!safe && origin.Length > 0 && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase))
            return true;
        return request.Headers["Sec-Fetch-Site"].ToString() switch
        {
            "" or "none" or "same-origin" => false,
            // A link from elsewhere may open a page; nothing else may come from another site.
            _ => !(safe && request.Headers["Sec-Fetch-Mode"] == "navigate"),
        };
    }
}
