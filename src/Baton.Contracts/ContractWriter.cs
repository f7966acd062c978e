using System.Text;
using Baton.Contracts.Language;

namespace Baton.Contracts;

/// <summary>Writes a contract as YAML that people like to read; <see cref="ContractParser"/> reads the same contract back.</summary>
public static class ContractWriter
{
    /// <summary>The YAML text, with <c>\n</c> at the end of each line; defaults that nobody would miss are left out.</summary>
    public static string Write(Contract contract)
    {
        var yaml = new StringBuilder("# What is demanded of every version of this model. Both sides sign it; it seldom changes.\n");
        Written.Print(yaml, "", ContractShape.Words.SelectMany(word => word.Write(contract)));
        Written.Print(yaml, "", [("clauses", ContractShape.Clauses.Write(contract))]);
        return yaml.ToString();
    }
}
