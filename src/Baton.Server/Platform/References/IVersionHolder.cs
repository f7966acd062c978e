using Baton.Database;

namespace Baton.Server.Platform.References;

/// <summary>A leg that may hold model versions: what is held is not deleted. The registry asks every one, and so needs to know none.</summary>
internal interface IVersionHolder
{
    /// <summary>Why this leg holds a version, one sentence each; empty where it does not.</summary>
    Task<IReadOnlyList<string>> HoldsAsync(Session sql, string project, string model, long version);
}

internal static class VersionHolders
{
    /// <summary>Why any leg holds a version.</summary>
    public static async Task<IReadOnlyList<string>> AllAsync(this IEnumerable<IVersionHolder> holders, Session sql, string project, string model, long version)
    {
        var holds = new List<string>();
        foreach (var holder in holders)
            holds.AddRange(await holder.HoldsAsync(sql, project, model, version));
        return holds;
    }
}
