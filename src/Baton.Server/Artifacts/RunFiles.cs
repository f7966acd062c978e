namespace Baton.Server.Artifacts;

/// <summary>How Baton's own files are named to clients.</summary>
internal static class RunFiles
{
    public const string Scheme = "mlflow-artifacts:/";
}
