using Baton.Contracts;
using Baton.Server.Handoff;
using Baton.Server.Platform.Comments;
using Baton.Server.Promotion;

namespace Baton.Server.Ui;

/// <summary>One clause of a contract: what it says, what was found, and what people say of it.</summary>
/// <param name="Name">Its name, <c>metrics.roc_auc</c>.</param>
/// <param name="Demand">What it demands.</param>
/// <param name="Text">Its fields, YAML.</param>
/// <param name="Found">What the evidence shown found for it and its parts; empty where there is none.</param>
/// <param name="Offers">Newest first.</param>
/// <param name="Waivers">Newest first.</param>
/// <param name="Comments">The earliest first.</param>
/// <param name="WaivedNow">The names in <paramref name="Found"/> that are waived now.</param>
internal sealed record ClauseStory(
    string Name, string Demand, string Text, IReadOnlyList<ClauseResult> Found, IReadOnlyList<CounterOffer> Offers, IReadOnlyList<Waiver> Waivers, IReadOnlyList<Comment> Comments,
    IReadOnlySet<string> WaivedNow)
{
    /// <summary>Whether there is something to talk about: a clause not kept and not waived, an open offer, an open comment.</summary>
    public bool IsOpen => Found.Any(c => c.Verdict != Verdict.Pass && !WaivedNow.Contains(c.Name))
        || Offers.Any(o => o.Status == CounterOffer.Open) || Comments.Any(c => c.ResolvedAt is null);

    /// <summary>Where it stands in the page.</summary>
    public string Anchor => $"talk-{Name}";
}

/// <summary>Hands a clause from a page to its part: components are public, what they show is not.</summary>
public sealed class ClauseView
{
    internal ClauseView(ClauseStory clause, ContractStory contract) => (Clause, Contract) = (clause, contract);

    internal ClauseStory Clause { get; }

    internal ContractStory Contract { get; }
}

/// <summary>What was found for a clause of one version.</summary>
/// <param name="Version">Number.</param>
/// <param name="Value">What was measured; null where nothing was, or no number.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Verdict">The verdict.</param>
public sealed record ClausePoint(long Version, double? Value, string Unit, Verdict Verdict)
{
    /// <summary>What was found for a clause over the versions, the oldest first.</summary>
    internal static IReadOnlyList<ClausePoint> Of(IEnumerable<VersionStanding> standings, string clause) =>
    [
        .. standings.OrderBy(s => s.Version.Version)
            .Select(s => (s.Version.Version, Found: s.Evidence?.Clauses.FirstOrDefault(c => c.Name == clause)))
            .Where(s => s.Found is not null)
            .Select(s => new ClausePoint(s.Version, s.Found!.Measured?.Number, s.Found.Unit, s.Found.Verdict)),
    ];
}
