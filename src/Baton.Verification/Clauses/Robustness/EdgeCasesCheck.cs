using Baton.Contracts;
using Baton.Inference.Execution;

namespace Baton.Verification.Clauses.Robustness;

/// <summary><c>robustness.edge_cases</c>: no row, extremes, NaN, infinities and texts of every kind are answered with finite numbers or, where the contract allows, refused.</summary>
internal static class EdgeCasesCheck
{
    private const int MostDeaths = 3;
    private const int MostCases = 2000;

    /// <summary>Asks about each case.</summary>
    public static async Task<ClauseResult> MeasureAsync(
        Func<Verdict, string, ClauseResult> unmeasured, bool mayRefuse, Probe probe, VerificationSession session, CancellationToken cancellation)
    {
        var (faults, refused, answered, deaths) = (new List<string>(), new List<string>(), 0, 0);
        await using var model = session.Ask();
        foreach (var edge in EdgeCase.Of(probe.Inputs, probe.Rows.Inputs(probe.Inputs, 0, 1)).Take(MostCases))
        {
            var outcome = await model.AskAsync(edge.Inputs, edge.Rows, cancellation);
            if (outcome.Answers is { } answers)
            {
                if (answers.FirstNotFinite is { } row)
                    faults.Add($"{edge.Name}: the answer is {string.Join(", ", answers.Numbers(row).Where(n => !double.IsFinite(n)).Take(2))}");
                else
                    answered++;
            }
            else if (outcome.Failure is ModelProcessFailure.Refused no)
            {
                // An ordinary row must always be answered.
                (mayRefuse && edge.Name != "one row" ? refused : faults).Add($"{edge.Name}: refused: {First(no.Message)}");
            }
            else
            {
                faults.Add($"{edge.Name}: {outcome.Failure!.Sentence.TrimEnd('.')}");
                if (++deaths == MostDeaths)
                {
                    faults.Add("the rest was not tried");
                    break;
                }
            }
        }

        return unmeasured(faults.Count == 0 ? Verdict.Pass : Verdict.Fail, faults.Count == 0
            ? $"{Phrases.Count(answered, "edge case")} answered with finite numbers" + (refused.Count == 0 ? "." : $", {Phrases.Number(refused.Count)} refused with an error of the model's own.")
            : Phrases.Sentence(faults)) with
        {
            Facts =
            [
                new Fact("answered", Phrases.Number(answered)),
                new Fact("refused", refused.Count == 0 ? "none" : $"{Phrases.Number(refused.Count)}: {Phrases.Some([.. refused.Select(r => r.Split(':')[0])], 8)}"),
                .. faults.Skip(4).Take(16).Select(f => new Fact("also", f)),
            ],
        };
    }

    private static string First(string message) => message.ReplaceLineEndings(" ") is var line && line.Length > 200 ? line[..200] + "…" : line;
}
