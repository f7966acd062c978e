using Baton.Contracts;
using Baton.Storage.Tables;
using Baton.Verification.Drafting;
using Baton.Verification.Reference;

namespace Baton.Verification.Clauses.Training;

/// <summary><c>data.holdout</c>: the contract's metrics keep their bounds on rows that only the consumer owns, and that were not looked at too often.</summary>
internal static class HoldoutCheck
{
    /// <summary>The clause's name.</summary>
    public const string Name = "data.holdout";

    /// <summary>Runs the candidate on the holdout and decides the contract's bounds there.</summary>
    /// <exception cref="ReferenceException">The holdout does not fit the model.</exception>
    public static async Task<ClauseResult> MeasureAsync(HoldoutClause clause, VerificationSession session, CancellationToken cancellation)
    {
        var contract = session.Input.Contract;
        ClauseResult Of(Verdict verdict, string reason) => Found.Unmeasured(Name, Found.Demand(contract, Name), EvidenceLevel.ReExecuted, verdict, reason);
        if (session.Input is not { Holdout: { } holdout, HoldoutFile: { } file } || holdout.Name != clause.Name || !File.Exists(file))
            return Of(Verdict.NotRun, $"There is no holdout {clause.Name} here; the consumer uploads it to the server under that name.");
        if (Digests.Hex((await FileDigest.OfAsync(file, cancellation)).Digest) != Digests.Hex(holdout.Sha256))
            return Of(Verdict.NotRun, $"The file of the holdout {clause.Name} is not the one that was uploaded as {holdout.Sha256}; upload it again.");
        Fact uses = new("uses", clause.MaxUses is { } most ? $"{Phrases.Number(holdout.Uses)} of {Phrases.Number(most)}" : Phrases.Number(holdout.Uses));
        var bounded = contract.Metrics.Where(m => m.Min is not null || m.Max is not null).ToList();
        if (bounded.Count == 0)
            return Of(Verdict.NotRun, "The contract bounds no metric (min or max), so there is nothing to decide on the holdout.") with { Facts = [uses] };
        ReferenceRows rows;
        try
        {
            rows = ReferenceRows.Of(await ParquetFile.ReadAsync(file, columns: null, cancellation), holdout.Columns);
        }
        catch (Exception e) when (e is InvalidTableException or ReferenceException)
        {
            // The consumer's file, not the candidate's: nothing the author handed over is wrong.
            return Of(Verdict.NotRun, $"The holdout {clause.Name} cannot be used: {e.Message}");
        }

        var rerun = await session.RunOnAsync(rows, Name, 0.63, cancellation);
        if (rerun.Answers is not { } answers)
            return Of(Verdict.Fail, rerun.Fault!) with { Facts = [uses] };
        var parts = bounded.Select(metric => (metric.Metric, Part: Judge(metric, rows, answers, session))).ToList();
        var verdict = Worst(parts.Select(p => p.Part.Verdict));
        var (reason, tooOften) = (string.Join(" ", parts.Select(p => p.Part.Reason)), holdout.Uses > clause.MaxUses);
        return Of(tooOften && verdict != Verdict.Fail ? Verdict.Inconclusive : verdict, tooOften
            ? $"The holdout was used {Phrases.Number(holdout.Uses)} times, and counts as known after {Phrases.Number(clause.MaxUses!.Value)}: upload a fresh one. {reason}"
            : reason) with
        {
            Measured = parts is [var only] ? only.Part.Measured : null,
            Interval = parts is [var alone] ? alone.Part.Interval : null,
            Bound = parts.Count == 1 ? new Bound(bounded[0].Min, bounded[0].Max) : null,
            Facts = [new Fact("rows", Phrases.Number(rows.Count)), uses, new Fact("digest", holdout.Sha256)],
        };
    }

    private static ClauseResult Judge(MetricClause clause, ReferenceRows rows, Answers answers, VerificationSession session)
    {
        // A holdout need not have the columns that the reference rows are grouped or cut by.
        var groups = clause.GroupBy is { } column && rows.Table.Find(column) is not null ? column : null;
        var plain = clause with { GroupBy = groups, AgainstProduction = null, AgainstClaimed = null, AgainstBaseline = null, Slices = [] };
        return MetricCheck.Judge(plain, null, rows.Stored, MetricSide.Of(rows, answers, groups, session.Input.Contract), null, (ulong)session.Input.Seed);
    }

    private static Verdict Worst(IEnumerable<Verdict> verdicts) => verdicts.ToList() is var all && all.Contains(Verdict.Fail) ? Verdict.Fail
        : all.Contains(Verdict.NotRun) ? Verdict.NotRun
        : all.Contains(Verdict.Inconclusive) ? Verdict.Inconclusive
        : Verdict.Pass;
}
