using Baton.Server.Platform.Errors;
using Baton.Server.Runs;

namespace Baton.Server.Artifacts;

/// <summary>Where the files of a run stand, where they are Baton's own.</summary>
internal static class RunFiles
{
    public const string Scheme = "mlflow-artifacts:/";

    public static ArtifactPath RootOf(Run run) => ArtifactPlaces.Proxied(run.ArtifactUri)
        ?? throw Refusal.Invalid($"The files of run {run.RunId} are at {run.ArtifactUri}, which clients write themselves: Baton holds none of them.");
}
