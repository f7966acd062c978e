using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Baton.Server.Platform.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Platform.Access;

/// <summary>Gives every request its actor and project, and lets it pass only where the route's permission is held.</summary>
internal sealed partial class AccessGuard(RequestDelegate next, ServerOptions options)
{
    private readonly (byte[] Token, Actor Actor)[] _tokens =
    [
        .. options.AgentToken is { } agent ? [(Encoding.UTF8.GetBytes(agent), Actor.Agent)] : (ReadOnlySpan<(byte[], Actor)>)[],
        .. options.ServingToken is { } node ? [(Encoding.UTF8.GetBytes(node), Actor.ServingNode)] : (ReadOnlySpan<(byte[], Actor)>)[],
    ];

    public Task InvokeAsync(HttpContext context)
    {
        var caller = new Caller(ActorOf(context.Request), ProjectOf(context.Request));
        context.Items[typeof(Caller)] = caller;
        // What is no route of ours is the framework's answer to a wrong verb.
        if (context.GetEndpoint() is RouteEndpoint endpoint)
        {
            var permission = endpoint.Metadata.GetMetadata<Permission>()
                ?? throw new InvalidOperationException($"The route {endpoint.DisplayName} carries no permission.");
            if (!caller.Actor.May(permission))
                throw new Refusal(ProblemCode.NotAllowed, $"{caller.Actor.Name} may not {permission.Name} here.");
        }

        return next(context);
    }

    private Actor ActorOf(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.Length == 0)
            return Actor.LocalUser;
        const string scheme = "Bearer ";
        if (header.StartsWith(scheme, StringComparison.Ordinal))
        {
            var presented = Encoding.UTF8.GetBytes(header[scheme.Length..]);
            foreach (var (token, actor) in _tokens)
            {
                if (CryptographicOperations.FixedTimeEquals(presented, token))
                    return actor;
            }
        }
        throw new Refusal(ProblemCode.NotAuthenticated, "The Authorization header holds no token that this server knows; leave it out to act as the local user.");
    }

    private static string ProjectOf(HttpRequest request)
    {
        if (request.HttpContext.Items[ProjectPath.Item] is string fromPath)
            return fromPath;
        var name = request.Headers["X-MLFLOW-WORKSPACE"].ToString();
        return name.Length == 0 ? Caller.DefaultProject : Checked(name);
    }

    internal static string Checked(string project) => ProjectName().IsMatch(project)
        ? project
        : throw Refusal.Invalid($"'{project}' is no project name: expected 1 to 63 lower-case letters, digits and dashes, beginning with a letter or digit.");

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,62}\z")]
    private static partial Regex ProjectName();
}
