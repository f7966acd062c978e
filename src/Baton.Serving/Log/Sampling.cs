namespace Baton.Serving.Log;

/// <summary>Which predictions are logged where not all are: decided by the id alone, so that retries and nodes agree.</summary>
internal static class Sampling
{
    /// <summary>Whether a prediction is among the share.</summary>
    /// <param name="predictionId">Its id.</param>
    /// <param name="share">Share that is kept, 0 to 1.</param>
    public static bool Keeps(string predictionId, double share) => share >= 1 || Place(predictionId) < share;

    /// <summary>A place from 0 up to 1, even over ids: FNV-1a over the UTF-16 units, mixed by SplitMix64's finaliser.</summary>
    private static double Place(string id)
    {
        var hash = 0xcbf29ce484222325;
        foreach (var unit in id)
            hash = (hash ^ unit) * 0x100000001b3;
        hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9;
        hash = (hash ^ (hash >> 27)) * 0x94d049bb133111eb;
        hash ^= hash >> 31;
        return (hash >> 11) * (1.0 / (1UL << 53));
    }
}
