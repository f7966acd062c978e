using Baton.Database;
using Baton.Server.Platform.Access;

namespace Baton.Server.Platform.References;

/// <summary>A leg that keeps some blobs from some people: whoever knows the digest is asked all the same. The route of blobs asks every one.</summary>
internal interface IBlobGuard
{
    /// <summary>Throws where the caller may not read a blob.</summary>
    Task CheckAsync(Session sql, Caller caller, string digest);
}
