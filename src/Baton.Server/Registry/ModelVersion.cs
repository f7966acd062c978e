using System.Globalization;
using Baton.Server.Platform.Errors;

namespace Baton.Server.Registry;

/// <summary>A named line of versions.</summary>
internal sealed record RegisteredModel
{
    /// <summary>The tag that makes a registered model a prompt.</summary>
    public const string PromptTag = "mlflow.prompt.is_prompt";

    public string Name { get; init; } = "";

    public string? Description { get; init; }

    /// <summary>The highest number that was ever used under the name.</summary>
    public long LastVersion { get; init; }

    public long CreatedAt { get; init; }

    public long UpdatedAt { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>By alias.</summary>
    public IReadOnlyList<ModelAlias> Aliases { get; init; } = [];

    /// <summary>The highest version in each stage, lowest first.</summary>
    public IReadOnlyList<ModelVersion> Latest { get; init; } = [];

    /// <summary>Every version, newest first; read only where pages show them.</summary>
    public IReadOnlyList<ModelVersion> Versions { get; init; } = [];

    public static bool IsPrompt(IReadOnlyDictionary<string, string> tags) =>
        tags.TryGetValue(PromptTag, out var value) && value.Equals("true", StringComparison.OrdinalIgnoreCase);
}

/// <summary>A name that points to a version of its model.</summary>
internal sealed record ModelAlias(string Alias, long Version);

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

    /// <summary>The logged model it was made from.</summary>
    public string? ModelId { get; init; }

    /// <summary>Digest of the sealed package; null where the source could not be read.</summary>
    public string? ManifestDigest { get; init; }

    /// <summary>Where the files of an unsealed version are; null for a sealed one.</summary>
    public string? StorageLocation { get; init; }

    /// <summary>Stage it is in: <c>None</c>, <c>Staging</c>, <c>Production</c> or <c>Archived</c>, as MLflow spells them.</summary>
    public string Stage { get; init; } = Stages.None;

    public long? StagedAt { get; init; }

    public string? StagedBy { get; init; }

    public string CreatedBy { get; init; } = "";

    public long CreatedAt { get; init; }

    public long UpdatedAt { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>The aliases that point to it, in order.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

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

    /// <summary>The stage meant, in any case.</summary>
    public static string Parse(string name) =>
        Find(name) ?? throw Refusal.Invalid($"Invalid Model Version stage: {name}. Value must be one of {string.Join(", ", All)}.");
}
