using Baton.Contracts;

namespace Baton.Server.Ui;

/// <summary>How a version's evidence compares with that of the version in production, clause by clause.</summary>
/// <param name="Shown">The version that is compared.</param>
/// <param name="Version">The version in production.</param>
/// <param name="Same">Clauses that came out alike.</param>
/// <param name="All">Clauses that both have.</param>
/// <param name="Different">The names of the others.</param>
public sealed record ProductionLikeness(long Shown, long Version, int Same, int All, IReadOnlyList<string> Different)
{
    /// <summary>
    /// Alike are two results with the same verdict that tell no difference: the same text, or numbers whose intervals overlap. Digests are of different files, as they
    /// must be. A clause that only one side has is
    /// not counted.
    /// </summary>
    internal static ProductionLikeness? Of(VersionStanding shown, IEnumerable<VersionStanding> standings)
    {
        var production = standings.FirstOrDefault(s => s.Version.Stage == Registry.Stages.Production);
        if (production?.Evidence is not { } theirs || shown.Evidence is not { } ours || production.Version.Version == shown.Version.Version)
            return null;
        var both = ours.Clauses.Select(c => (Ours: c, Theirs: theirs.Clauses.FirstOrDefault(t => t.Name == c.Name))).Where(p => p.Theirs is not null).ToList();
        var different = both.Where(p => !IsAlike(p.Ours, p.Theirs!)).Select(p => p.Ours.Name).ToList();
        return new ProductionLikeness(shown.Version.Version, production.Version.Version, both.Count - different.Count, both.Count, different);
    }

    private static bool IsAlike(ClauseResult one, ClauseResult other) => one.Verdict == other.Verdict
        && (one.Measured?.Text == other.Measured?.Text || (Digests.IsDigest(one.Measured?.Text) && Digests.IsDigest(other.Measured?.Text)))
        && (one.Interval is not { } a || other.Interval is not { } b || (a.Low <= b.High && b.Low <= a.High));
}
