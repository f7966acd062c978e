using Baton.Contracts.Language;
using Baton.Contracts.Yaml;

namespace Baton.Contracts;

/// <summary>
/// Reads a contract from YAML. Finds every fault rather than the first, each with line and column, and never throws on bad text.
/// The language is a bounded corner of YAML: one document of at most 64 KiB, no anchors, aliases, tags or duplicate keys, at most 10 levels.
/// </summary>
public static class ContractParser
{
    /// <summary>Largest text that is read, bytes of UTF-8.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Reads a contract.</summary>
    /// <param name="yaml">The text.</param>
    /// <returns>The contract, or every problem of the text.</returns>
    public static ContractParseResult Parse(string yaml)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        var log = new ProblemLog();
        var contract = YamlTree.Read(yaml, log) is { } root ? ContractShape.Read(root, log) : null;
        var problems = log.InOrder();
        return new ContractParseResult(problems.Count == 0 ? contract : null, problems);
    }

    /// <summary>Reads a contract that is expected to be good.</summary>
    /// <exception cref="ContractException">The text is no contract; carries every problem.</exception>
    public static Contract ParseOrThrow(string yaml)
    {
        var result = Parse(yaml);
        return result.Contract ?? throw new ContractException(result.Problems);
    }
}
