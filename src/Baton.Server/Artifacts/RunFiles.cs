using Baton.Server.Runs;

namespace Baton.Server.Artifacts;

/// <summary>Where the files of a run stand.</summary>
internal static class RunFiles
{
    public const string Scheme = "mlflow-artifacts:/";

    public static ArtifactPath RootOf(Run run) => ArtifactPath.Parse(run.ArtifactUri[Scheme.Length..].TrimStart('/'));
}
