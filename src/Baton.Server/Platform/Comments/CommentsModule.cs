using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Baton.Server.Platform.Comments;

/// <summary>The two doors of the room.</summary>
internal static class CommentsModule
{
    public static IServiceCollection AddComments(this IServiceCollection services)
    {
        services.TryAddSingleton<CommentsStore>();
        services.TryAddSingleton<AddComment>();
        services.TryAddSingleton<ChangeComment>();
        services.TryAddSingleton<ReadComments>();
        return services;
    }

    public static void MapComments(this IEndpointRouteBuilder routes)
    {
        AddComment.Map(routes);
        ChangeComment.Map(routes);
        ReadComments.Map(routes);
    }
}
