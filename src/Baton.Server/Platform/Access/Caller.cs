using System.Reflection;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Http;

namespace Baton.Server.Platform.Access;

/// <summary>Who asks, and in which project. Every request has one.</summary>
internal sealed record Caller(Actor Actor, string Project)
{
    public const string DefaultProject = "default";

    /// <summary>The key that the request gave to its change; null where it gave none, or the route takes none.</summary>
    public OnceKey? Once { get; init; }

    public static Caller Of(HttpContext context) => (Caller)context.Items[typeof(Caller)]!;

    /// <summary>Lets an endpoint take the caller as a parameter.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context, ParameterInfo parameter) => ValueTask.FromResult<Caller?>(Of(context));
}
