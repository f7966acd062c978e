using Microsoft.AspNetCore.Http;

namespace Baton.Server.Platform.Access;

/// <summary>Takes <c>/p/{project}</c> off the front of the path, before routing.</summary>
internal sealed class ProjectPath(RequestDelegate next)
{
    public const string Item = "baton.project";

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments("/p", out var rest) && rest.Value is { Length: > 1 } tail)
        {
            var end = tail.IndexOf('/', 1);
            var project = AccessGuard.Checked(end < 0 ? tail[1..] : tail[1..end]);
            context.Items[Item] = project;
            context.Request.PathBase = context.Request.PathBase.Add($"/p/{project}");
            context.Request.Path = end < 0 ? "/" : tail[end..];
        }

        return next(context);
    }
}
