using Baton.Contracts;
using Baton.Verification.Reference;

namespace Baton.Verification.Clauses.Robustness;

/// <summary>The same rows get the same answers: <c>robustness.batch</c> (alone and among others) and <c>robustness.deterministic</c> (again, and in a fresh process).</summary>
internal static class RepeatCheck
{
    private const int Alone = 64;
    private const int Listed = 1000;

    /// <summary>Asks about rows one by one and compares with the answers among others.</summary>
    public static async Task<ClauseResult> BatchAsync(
        Func<Verdict, string, ClauseResult> unmeasured, double within, Probe probe, VerificationSession session, CancellationToken cancellation)
    {
        if (probe.OneByOne)
            return unmeasured(Verdict.Pass, "The model takes one row at a time, so no row can know of others.");
        var places = Probe.Sample(probe.Rows.Count, Alone, session.Input.Seed);
        var answers = new List<Answers>();
        foreach (var place in places)
        {
            var probed = await probe.AskAsync(probe.Rows.At([place]), cancellation);
            if (probed.Answers is not { } alone)
                return unmeasured(Verdict.Fail, $"Alone: {probed.Fault}");
            answers.Add(alone);
        }

        return Judge(unmeasured, within, probe.Rows.At(places), [("alone", probe.Answers.At(places), Answers.Joined(answers))], "alone and among others");
    }

    /// <summary>Asks about the same rows again, and once more in a fresh process.</summary>
    public static async Task<ClauseResult> DeterministicAsync(
        Func<Verdict, string, ClauseResult> unmeasured, double within, Probe probe, VerificationSession session, CancellationToken cancellation)
    {
        var (first, again) = (await probe.AskAsync(probe.Rows, cancellation), await probe.AskAsync(probe.Rows, cancellation));
        await using var other = new Probe(session);
        var fresh = await other.AskAsync(other.Rows, cancellation);
        if ((first.Fault ?? again.Fault ?? fresh.Fault) is { } fault)
            return unmeasured(Verdict.Fail, fault);
        return Judge(unmeasured, within, probe.Rows, [("again", first.Answers!, again.Answers!), ("in a fresh process", first.Answers!, fresh.Answers!)], "asked again and in a fresh process");
    }

    private static ClauseResult Judge(
        Func<Verdict, string, ClauseResult> unmeasured, double within, ReferenceRows rows, (string How, Answers One, Answers Other)[] pairs, string how)
    {
        var (largest, differing) = (0d, new List<(double Distance, string How, DifferingRow Row)>());
        foreach (var (what, one, other) in pairs)
        {
            for (var i = 0; i < rows.Count; i++)
            {
                var distance = Answers.Distance(one, i, other, i);
                largest = Math.Max(largest, distance);
                if (distance > within)
                    differing.Add((distance, what, new DifferingRow(rows.Ids[i], one.Numbers(i).FirstOrDefault(), other.Numbers(i).FirstOrDefault(1))));
            }
        }

        var worst = differing.OrderByDescending(d => d.Distance).DistinctBy(d => d.Row.Id).ToList();
        return unmeasured(worst.Count == 0 ? Verdict.Pass : Verdict.Fail, worst.Count == 0
            ? $"{Phrases.Count(rows.Count, "row")} {(rows.Count == 1 ? "gets" : "get")} the same answers {how}; the largest difference is {Number(largest)}."
            : $"{Phrases.Count(worst.Count, "row")} of {Phrases.Number(rows.Count)} {(worst.Count == 1 ? "gets" : "get")} another answer {worst[0].How}: row {worst[0].Row.Id} differs by {Number(worst[0].Distance)}, "
                + $"and {Number(within)} is allowed.") with
        {
            Measured = double.IsFinite(largest) ? (Reading)largest : (Reading)"another answer",
            Bound = new Bound(Max: within),
            DifferingRows = [.. worst.Take(Listed).Select(d => d.Row)],
            DifferingRowCount = worst.Count,
        };
    }

    private static string Number(double value) => double.IsInfinity(value) ? "another answer" : value.ToString("G3", System.Globalization.CultureInfo.InvariantCulture);
}
