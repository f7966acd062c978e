using Baton.Contracts.Language;

namespace Baton.Contracts;

/// <summary>
/// The canonical form of a contract, and its digest: equal for texts that say the same, however they are laid out, ordered, commented or spelt
/// (<c>99.5 %</c> is <c>0.995</c>).
/// </summary>
public static class ContractCanon
{
    /// <summary>SHA-256 of the canonical form, as <c>sha256:…</c>.</summary>
    public static string Digest(Contract contract) => Digests.Sha256(Write(contract));

    /// <summary>
    /// The canonical form: a line of path and value for each field, <c>\n</c> at the end of each. Texts are JSON strings, shares and metrics the
    /// shortest decimal that reads back the same, durations nanoseconds, sizes bytes; what has a name of its own (metrics, machines) in ordinal order of it.
    /// </summary>
    public static string Write(Contract contract) => "baton-contract 1\n" + string.Concat(
        ContractShape.Words.SelectMany(word => word.Terms(contract))
            .Concat(ContractShape.Clauses.Terms(contract).Select(term => term.Below("clauses", part: false)))
            .Where(term => term.Canon is not null)
            .Select(term => $"{Path(term.Path)} {term.Canon}\n"));

    // A name may hold a space, which would end the path.
    private static string Path(string path) => path.Contains(' ') ? Kind.Quote(path) : path;
}
