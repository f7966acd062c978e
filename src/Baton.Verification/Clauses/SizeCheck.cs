using Baton.Contracts;

namespace Baton.Verification.Clauses;

/// <summary><c>size</c>: the package has the size that the claims name.</summary>
internal static class SizeCheck
{
    /// <summary>Compares the sizes.</summary>
    public static ClauseResult Judge(Manifest claimed, Manifest found) => new()
    {
        Name = "size",
        Verdict = claimed.Size == found.Size ? Verdict.Pass : Verdict.Fail,
        Evidence = EvidenceLevel.Extracted,
        Demanded = "as claimed",
        Unit = "bytes",
        Claimed = claimed.Size,
        Measured = found.Size,
        Reason = claimed.Size == found.Size
            ? $"The package has {Phrases.Size(found.Size)}, as claimed."
            : $"The package has {found.Size} bytes; the claims say {claimed.Size}. The clause files names what differs.",
    };
}
