using System.CommandLine;

namespace Baton.Verbs;

/// <summary><c>baton contract</c>.</summary>
internal sealed class ContractVerb : Command
{
    public ContractVerb()
        : base("contract", "Write and read contracts: what is demanded of every version of a model.")
    {
        Add(new ContractInitVerb());
        Add(new ContractLintVerb());
        Add(new ContractShowVerb());
        Add(new ContractDiffVerb());
        Add(new ContractExplainVerb());
        Add(new ContractSchemaVerb());
    }
}
