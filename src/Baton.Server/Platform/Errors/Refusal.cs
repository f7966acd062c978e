using Baton.Contracts;

namespace Baton.Server.Platform.Errors;

/// <summary>
/// A request is refused for a reason that the caller can act on. Thrown, not returned, so that a refusal inside a write leaves nothing of the
/// write behind (docs/adr/0004).
/// </summary>
internal sealed class Refusal(ProblemCode code, string detail, IReadOnlyList<Fault>? faults = null, Verdict? verdict = null) : Exception(detail)
{
    public ProblemCode Code { get; } = code;

    public IReadOnlyList<Fault> Faults { get; } = faults ?? [];

    public Verdict? Verdict { get; } = verdict;

    public static Refusal Invalid(string detail) => new(ProblemCode.InvalidRequest, detail);

    public static Refusal NotFound(string detail) => new(ProblemCode.NotFound, detail);

    /// <summary>Further words of the answer, e.g. the stage's current version.</summary>
    public static Refusal NotReady(string detail) => new(ProblemCode.NotReady, detail);
}

/// <summary>One fault of a request: where (a path in a document, a line and column) and what.</summary>
internal sealed record Fault(string? Path, string Message, int? Line = null, int? Column = null);
