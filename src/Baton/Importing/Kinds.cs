namespace Baton.Importing;

/// <summary>What is counted on its way, in the order of the report.</summary>
internal static class Kinds
{
    public const string Experiments = "experiments";
    public const string Runs = "runs";
    public const string Params = "params";
    public const string Tags = "tags";
    public const string Points = "metric points";
    public const string Datasets = "dataset inputs";
    public const string ModelLinks = "model inputs and outputs";
    public const string LoggedModels = "logged models";
    public const string Files = "files";
    public const string Models = "registered models";
    public const string Versions = "model versions";
    public const string Aliases = "aliases";

    public static IReadOnlyList<string> All { get; } =
        [Experiments, Runs, Params, Tags, Points, Datasets, ModelLinks, LoggedModels, Files, Models, Versions, Aliases];
}
