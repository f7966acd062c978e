using System.Globalization;
using System.Text.Json;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Lineage;

/// <summary>
/// What the ledger says a model's aliases and stages held at a time: its entries are taken newest first, and the first that speaks of an alias, or of a version's
/// stage, is the one that counted.
/// </summary>
internal sealed class ModelThen(string name)
{
    private readonly Dictionary<string, Held?> _aliases = new(StringComparer.Ordinal);
    private readonly Dictionary<long, (string? Stage, Held Held)> _stages = [];
    private bool _isAnyTaken;

    /// <summary>Actions that say something of aliases and stages.</summary>
    public static IReadOnlyCollection<string> Actions { get; } =
    [
        "model.registered", "model.deleted", "model.renamed", "model.continued", "alias.set", "alias.deleted", "version.registered", "version.deleted", "promotion.done",
        "promotion.archived",
    ];

    /// <summary>The name that older entries are under.</summary>
    public string Name { get; private set; } = name;

    /// <summary>Whether older entries have nothing to add: the model began here.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Why there was no such model then; null where there was.</summary>
    public LedgerEntry? GoneSince { get; private set; }

    /// <summary>Whether the ledger knew the model at all.</summary>
    public bool IsKnown => _isAnyTaken && GoneSince is null;

    public IReadOnlyList<AliasThen> Aliases =>
        [.. from alias in _aliases where alias.Value is not null orderby alias.Key select new AliasThen(alias.Key, alias.Value!)];

    /// <summary>What each stage held, the version that came last first.</summary>
    public IReadOnlyList<StageThen> Stages =>
        [.. from stage in _stages where stage.Value.Stage is not null and not "none" orderby stage.Value.Stage, stage.Value.Held.Seq descending select new StageThen(stage.Value.Stage, stage.Value.Held)];

    /// <summary>Whether the alias's holder, or that there was none, is known.</summary>
    public bool Knows(string alias) => _aliases.ContainsKey(alias);

    /// <summary>Takes the next older entry.</summary>
    public void Take(LedgerEntry entry)
    {
        var detail = JsonDocument.Parse(entry.Detail).RootElement;
        switch (entry.Action)
        {
            case "model.deleted" or "model.renamed" when !_isAnyTaken:
                GoneSince = entry;
                IsWhole = true;
                break;
            // The end of an earlier model of the same name.
            case "model.deleted" or "model.renamed":
            case "model.registered":
                IsWhole = true;
                break;
            case "model.continued":
                foreach (var alias in detail.TryGetProperty("aliases", out var carried) ? carried.EnumerateObject().ToList() : [])
                    Note(alias.Name, alias.Value.GetInt64(), entry);
                Name = detail.GetProperty("from").GetString()!;
                break;
            case "alias.set":
                Note(detail.GetProperty("alias").GetString()!, detail.GetProperty("version").GetInt64(), entry);
                break;
            case "alias.deleted":
                _aliases.TryAdd(detail.GetProperty("alias").GetString()!, null);
                break;
            case "promotion.done":
                NoteStage(entry, detail.GetProperty("stage").GetString());
                break;
            case "promotion.archived":
                NoteStage(entry, "archived");
                break;
            case "version.deleted":
                NoteStage(entry, null);
                break;
        }

        _isAnyTaken = true;
    }

    private void Note(string alias, long version, LedgerEntry entry) => _aliases.TryAdd(alias, Held.Of(entry, version));

    private void NoteStage(LedgerEntry entry, string? stage)
    {
        if (entry.Subject.Split('/') is [_, _, "versions", var number] && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            _stages.TryAdd(version, (stage, Held.Of(entry, version)));
    }
}

/// <summary>A version that was somewhere, and the decision that put it there.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Since">Time of the decision, microseconds.</param>
/// <param name="By">Who decided.</param>
/// <param name="Seq">Number of the entry in the ledger.</param>
internal sealed record Held(long Version, long Since, string By, long Seq)
{
    public static Held Of(LedgerEntry entry, long version) => new(version, entry.At, entry.Actor, entry.Seq);
}

/// <summary>An alias and what it pointed to.</summary>
internal sealed record AliasThen(string Alias, Held Held);

/// <summary>A stage and a version that was in it.</summary>
internal sealed record StageThen(string Stage, Held Held);
