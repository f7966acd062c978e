namespace Baton.Verification;

/// <summary>The checks that need no line in a contract, in the order of evidence.</summary>
internal static class StandingChecks
{
    public const string Files = "files";
    public const string Framework = "framework";
    public const string Parameters = "parameters";
    public const string Interface = "interface";
    public const string Size = "size";
    public const string Datasets = "data.files";
    public const string Claims = "claims";
    public const string Provenance = "provenance";

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [Files, Framework, Parameters, Interface, Size, Datasets, Claims, Provenance];
}
