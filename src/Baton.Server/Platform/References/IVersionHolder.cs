using Baton.Database;

namespace Baton.Server.Platform.References;

/// <summary>A leg that may hold model versions: what is held is not deleted. The registry asks every one, and so needs to know none.</summary>
internal interface IVersionHolder
{
    /// <summary>Why this leg holds a version, one sentence each; empty where it does not.</summary>
    Task<IReadOnlyList<string>> HoldsAsync(Session sql, string project, string model, long version);
}
