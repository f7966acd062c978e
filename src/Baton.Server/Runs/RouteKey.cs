namespace Baton.Server.Runs;

/// <summary>The key of a metric or tag as a segment of a path: the web server decodes everything in it but an encoded slash.</summary>
internal static class RouteKey
{
    public static string Of(string segment) => segment.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
