namespace Baton.Serving.Models;

/// <summary>How far a version behind an endpoint is.</summary>
public enum EndpointState
{
    /// <summary>It is being loaded and warmed up.</summary>
    Loading,

    /// <summary>It answers.</summary>
    Ready,

    /// <summary>It does not answer, and the reason is told.</summary>
    Failed,
}
