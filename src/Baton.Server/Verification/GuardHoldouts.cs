using Baton.Database;
using Baton.Server.Handoff;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.References;

namespace Baton.Server.Verification;

/// <summary>Keeps the bytes of holdouts from everybody but agents, which verify with them, and the service side.</summary>
internal sealed class GuardHoldouts(VerificationStore store, Sides sides) : IBlobGuard
{
    public async Task CheckAsync(Session sql, Caller caller, string digest)
    {
        if (caller.Actor == Actor.Agent)
            return;
        foreach (var (project, model) in await store.FindHoldersAsync(sql, digest))
            await sides.CheckServiceAsync(sql, caller with { Project = project }, model, "read its holdouts");
    }
}
