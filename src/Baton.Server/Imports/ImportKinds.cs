namespace Baton.Server.Imports;

/// <summary>Kinds of things that are remembered as imported.</summary>
internal static class ImportKinds
{
    public const string Experiment = "experiment";
    public const string Run = "run";
    public const string Points = "points";
    public const string LoggedModel = "logged_model";
    public const string Model = "model";
    public const string Version = "version";
    public const string File = "file";

    public static IReadOnlyList<string> All { get; } = [Experiment, Run, Points, LoggedModel, Model, Version, File];
}
