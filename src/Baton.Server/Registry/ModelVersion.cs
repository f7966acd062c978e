using System.Globalization;
using Baton.Server.Platform.Errors;

namespace Baton.Server.Registry;

/// <summary>A named line of versions.</summary>
internal sealed record RegisteredModel
{
    public string Name { get; init; } = "";

    public string? Description { get; init; }

    public long CreatedAt { get; init; }

    public long UpdatedAt { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Newest first.</summary>
    public IReadOnlyList<ModelVersion> Versions { get; init; } = [];
}

/// <summary>One version of a registered model.</summary>
internal sealed record ModelVersion
{
    public string Name { get; init; } = "";

    public long Version { get; init; }

    public string Description { get; init; } = "";

    /// <summary>Where the client said it comes from.</summary>
    public string Source { get; init; } = "";

    public string RunId { get; init; } = "";

    public string RunLink { get; init; } = "";

    /// <summary>Digest of the sealed package; null where the source could not be read.</summary>
    public string? ManifestDigest { get; init; }

    /// <summary>Stage it is in: <c>None</c>, <c>Staging</c>, <c>Production</c> or <c>Archived</c>, as MLflow spells them.</summary>
    public string Stage { get; init; } = Stages.None;

    public long? StagedAt { get; init; }

    public string? StagedBy { get; init; }

    public string CreatedBy { get; init; } = "";

    public long CreatedAt { get; init; }

    public long UpdatedAt { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Path of the version in ledger and events.</summary>
    public string Subject => SubjectOf(Name, Version);

    public static string SubjectOf(string name, long version) => string.Create(CultureInfo.InvariantCulture, $"models/{name}/versions/{version}");

    public static long ParseNumber(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0
        ? version
        : throw Refusal.Invalid($"Parameter 'version' must be an integer, got '{text}'.");
}

/// <summary>MLflow's names of the stages.</summary>
internal static class Stages
{
    public const string None = "None";
    public const string Staging = "Staging";
    public const string Production = "Production";
    public const string Archived = "Archived";

    public static IReadOnlyList<string> All { get; } = [None, Staging, Production, Archived];

    /// <summary>The stage meant, in any case; null for none of them.</summary>
    public static string? Find(string name) => All.FirstOrDefault(s => s.Equals(name, StringComparison.OrdinalIgnoreCase));
}
