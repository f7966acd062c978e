using Baton.Contracts;
using Baton.Verification;

namespace Baton.Verbs;

/// <summary>Claims on disk, with the package that they are of: the files beside them.</summary>
/// <param name="File">The claims, as they were named.</param>
/// <param name="Claims">What they say.</param>
internal sealed record ClaimedPackage(string File, Claims Claims)
{
    /// <summary>Folder of the package.</summary>
    public string Directory => Path.GetDirectoryName(Path.GetFullPath(File))!;

    /// <summary>The reference predictions that the claims name.</summary>
    public string? ReferenceFile => Claims.ReferencePredictions is { } reference ? Path.GetFullPath(Path.Combine(Directory, reference.Path)) : null;

    /// <summary>As the version in production; without a number it goes by the name of its folder.</summary>
    public ProductionInput AsProduction() => new(Claims.Version ?? Path.GetFileName(Directory), Claims, Directory, ReferenceFile);

    /// <summary>Reads claims that the user named.</summary>
    public static ClaimedPackage Read(string file) => new(file, HandoffSubmitVerb.ReadClaims(file));
}
