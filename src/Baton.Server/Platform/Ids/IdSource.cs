namespace Baton.Server.Platform.Ids;

/// <summary>New ids: UUIDv7 as 32 hex digits, MLflow's form of a run id, ordered by time.</summary>
internal sealed class IdSource(TimeProvider time)
{
    public string Next() => Guid.CreateVersion7(time.GetUtcNow()).ToString("N");

    /// <summary>With dashes, as MLflow writes the ids of webhooks and what they are sent.</summary>
    public string Dashed() => Guid.CreateVersion7(time.GetUtcNow()).ToString("D");
}
