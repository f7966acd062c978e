using Baton.Contracts;
using Baton.Statistics;
using Baton.Verification.Reference;

namespace Baton.Verification.Clauses;

/// <summary><c>claims</c>: every metric that the claims report follows from the predictions that were handed over with them.</summary>
internal static class ClaimsCheck
{
    private const string Demanded = "every claimed metric to the digits that were claimed";

    /// <summary>Replays the claims.</summary>
    /// <param name="claimed">The metrics that the claims report.</param>
    /// <param name="rows">The reference rows; null where there are none.</param>
    /// <param name="rowsFault">Why they cannot be used; null where they can, or there are none.</param>
    /// <param name="contract">Where costs are said.</param>
    public static ClauseResult Judge(IReadOnlyDictionary<string, double> claimed, ReferenceRows? rows, string? rowsFault, Contract contract)
    {
        if (claimed.Count == 0)
            return Of(Verdict.Pass, "The claims report no metric, so there is none to replay.", []);
        if (rows is null)
        {
            return rowsFault is null
                ? Of(Verdict.Pass, $"The claims name no reference predictions to replay {Phrases.Count(claimed.Count, "metric")} from: their author's word stands alone.", [])
                    with
                { Evidence = EvidenceLevel.Declared }
                : Of(Verdict.Fail, $"The claimed metrics cannot be replayed: {rowsFault}", []);
        }

        var side = MetricSide.Of(rows, rows.Stored, null, contract);
        var known = claimed.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => (c.Key, c.Value, Metric: Metrics.Find(c.Key))).ToList();
        var parts = known.Where(c => c.Metric is not null).Select(c => (c.Key, c.Value, Part: ClaimPart.Of(c.Metric!, c.Value, side.Answers, side))).ToList();
        Fact[] facts =
        [
            .. parts.Select(p => new Fact(p.Key, $"claimed {Phrases.Metric(p.Value)}; {p.Part.Facts.Select(f => $"{f.Label} {f.Text}").FirstOrDefault("not replayed: " + p.Part.Reason)}")),
            .. known.Where(c => c.Metric is null).Select(c => new Fact(c.Key, $"claimed {Phrases.Metric(c.Value)}; not a metric that can be recomputed here")),
        ];
        var wrong = parts.Where(p => p.Part.Verdict == Verdict.Fail).ToList();
        if (wrong.Count > 0)
            return Of(Verdict.Fail, $"{string.Join(" ", wrong.Select(p => $"{p.Key}: {p.Part.Reason}"))} Write the claims anew from the predictions that are handed over.", facts);
        var replayed = parts.Count(p => p.Part.Verdict == Verdict.Pass);
        return Of(Verdict.Pass, replayed == claimed.Count
            ? $"{(replayed == 1 ? "The claimed metric follows" : $"All {replayed} claimed metrics follow")} from the predictions that were handed over."
            : $"{replayed} of {claimed.Count} claimed metrics follow from the predictions that were handed over; the others cannot be recomputed from them.", facts);
    }

    private static ClauseResult Of(Verdict verdict, string reason, IReadOnlyList<Fact> facts) =>
        Found.Unmeasured(StandingChecks.Claims, Demanded, EvidenceLevel.Replayed, verdict, reason) with { Facts = facts };
}
