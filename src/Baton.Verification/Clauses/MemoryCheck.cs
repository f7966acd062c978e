using Baton.Contracts;
using Baton.Inference.Execution;

namespace Baton.Verification.Clauses;

/// <summary><c>memory</c>: peak resident memory of a process that loads and runs the model, less that of the same process without it.</summary>
internal static class MemoryCheck
{
    /// <summary>The clause's name.</summary>
    public const string Name = "memory";

    private const double Mebibyte = 1 << 20;

    /// <summary>Decides on the two peaks.</summary>
    /// <param name="clause">The demand.</param>
    /// <param name="empty">The process with the runtime up and no model.</param>
    /// <param name="loaded">The same process after the model was loaded and run.</param>
    public static ClauseResult Judge(MemoryClause clause, ProcessMemory empty, ProcessMemory loaded)
    {
        var peak = Math.Max(0, loaded.PeakBytes - empty.PeakBytes);
        var passes = peak <= clause.MaxBytes;
        var words = $"The model takes {Phrases.Mebibytes(peak / Mebibyte)} at its peak, loaded and under load";
        return Blank(clause) with
        {
            Verdict = passes ? Verdict.Pass : Verdict.Fail,
            Measured = peak / Mebibyte,
            Reason = passes
                ? $"{words}; {Phrases.Mebibytes(clause.MaxBytes / Mebibyte)} are allowed."
                : $"{words}, more than the {Phrases.Mebibytes(clause.MaxBytes / Mebibyte)} allowed. Make the model smaller, or agree on another bound.",
            Facts =
            [
                new Fact("peak with the model", Phrases.Mebibytes(loaded.PeakBytes / Mebibyte)),
                new Fact("peak of the empty process", Phrases.Mebibytes(empty.PeakBytes / Mebibyte)),
                new Fact("held at the end", Phrases.Mebibytes(loaded.CurrentBytes / Mebibyte)),
            ],
        };
    }

    /// <summary>The process was stopped for its memory: more than allowed, if not known how much.</summary>
    public static ClauseResult Judge(MemoryClause clause, ProcessMemory empty, ModelProcessFailure.OutOfMemory stopped)
    {
        var seen = Math.Max(0, stopped.SeenBytes - empty.PeakBytes);
        return seen <= clause.MaxBytes
            ? Unmeasured(clause, Verdict.NotRun, $"Nothing was measured: {stopped.Sentence}. Raise the limit of the process above what the contract allows.")
            : Blank(clause) with
            {
                Verdict = Verdict.Fail,
                Measured = seen / Mebibyte,
                Reason = $"The model took at least {Phrases.Mebibytes(seen / Mebibyte)}, more than the {Phrases.Mebibytes(clause.MaxBytes / Mebibyte)} allowed, "
                    + "and was stopped.",
            };
    }

    /// <summary>Nothing was measured: the model failed (fail), or could not be tried (not run).</summary>
    public static ClauseResult Unmeasured(MemoryClause clause, Verdict verdict, string reason) => Blank(clause) with { Verdict = verdict, Reason = reason };

    private static ClauseResult Blank(MemoryClause clause) => new()
    {
        Name = Name,
        Verdict = Verdict.NotRun,
        Evidence = EvidenceLevel.Measured,
        Demanded = Demands.Of(clause),
        Unit = "MiB",
        Bound = new Bound(Max: clause.MaxBytes / Mebibyte),
        Reason = "",
    };
}
