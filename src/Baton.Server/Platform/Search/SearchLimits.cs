namespace Baton.Server.Platform.Search;

/// <summary>How much a filter may ask for.</summary>
internal static class SearchLimits
{
    public const int MostBytes = 64 * 1024;
    public const int MostConditions = 100;
    public const int MostDepth = 100;
    public const int MostOrders = 20;
    public const int MostListed = 1_000;

    /// <summary>SQLite takes patterns of 50,000 bytes; rewriting one may treble it.</summary>
    public const int LongestPattern = 4_000;
}
