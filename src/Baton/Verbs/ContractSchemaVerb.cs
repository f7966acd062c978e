using System.CommandLine;
using Baton.Contracts;

namespace Baton.Verbs;

/// <summary><c>baton contract schema</c>: the language as JSON Schema.</summary>
internal sealed class ContractSchemaVerb : Command
{
    private readonly Option<string?> _out = new("--out") { Description = "File to write instead of the screen", HelpName = "FILE" };

    public ContractSchemaVerb()
        : base("schema", "Print the contract's language as JSON Schema, for completion and checks in an editor.")
    {
        Add(_out);
        SetAction(Run);
    }

    private int Run(ParseResult parse)
    {
        if (parse.GetValue(_out) is not { } file)
        {
            Console.Out.Write(ContractSchema.Write());
            return ExitCode.Done;
        }

        File.WriteAllText(file, ContractSchema.Write());
        Console.Error.WriteLine($"Wrote {file}. In the first line of a contract, '# yaml-language-server: $schema={Path.GetFileName(file)}' turns it on in most editors.");
        return ExitCode.Done;
    }
}
