namespace Baton.Server.Platform.Access;

/// <summary>Who acts. Without authentication every request without a token is the operating system's user.</summary>
internal sealed record Actor(string Name, IReadOnlySet<Permission>? Permissions)
{
    /// <summary>What Baton does of itself, e.g. queueing a verification after a handoff.</summary>
    public static readonly Actor Baton = new("baton", null);

    /// <summary>The right to everything, for the user who started Baton on this machine.</summary>
    public static Actor LocalUser { get; } = new($"user:{Environment.UserName}", null);

    /// <summary>An agent: claims jobs, reads blobs, nothing else.</summary>
    public static Actor Agent { get; } = new("agent", new HashSet<Permission> { Permission.Anyone, Permission.RunJobs, Permission.ReadBlobs });

    /// <summary>A serving node: learns what to serve, reads blobs, hands in predictions, nothing else.</summary>
    public static Actor ServingNode { get; } = new(
        "serving-node", new HashSet<Permission> { Permission.Anyone, Permission.WatchServing, Permission.ReadBlobs, Permission.WritePredictions });

    public bool May(Permission permission) => Permissions is null || Permissions.Contains(permission);
}
