using Baton.Database;

namespace Baton.Server.Platform.References;

/// <summary>A leg that keeps something under a model's name: such a model is neither renamed nor deleted. The registry asks every one.</summary>
internal interface IModelHolder
{
    /// <summary>What this leg keeps under the name, one sentence each; empty where nothing.</summary>
    Task<IReadOnlyList<string>> HoldsAsync(Session sql, string project, string model);
}

internal static class ModelHolders
{
    /// <summary>What all legs keep under a model's name.</summary>
    public static async Task<IReadOnlyList<string>> AllAsync(this IEnumerable<IModelHolder> holders, Session sql, string project, string model)
    {
        var holds = new List<string>();
        foreach (var holder in holders)
            holds.AddRange(await holder.HoldsAsync(sql, project, model));
        return holds;
    }
}
