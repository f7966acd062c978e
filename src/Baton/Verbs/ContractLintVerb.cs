using System.CommandLine;
using Baton.Contracts;
using Baton.Terminal;

namespace Baton.Verbs;

/// <summary><c>baton contract lint</c>: every fault of a contract with line, column and the likely word.</summary>
internal sealed class ContractLintVerb : Command
{
    private readonly Argument<string> _file = new("CONTRACT.yaml") { Description = "The contract" };
    private readonly Option<bool> _json = Flags.Json();

    public ContractLintVerb()
        : base("lint", "Check a contract's text; every fault is told with line, column and what was probably meant.")
    {
        Add(_file);
        Add(_json);
        SetAction(Run);
    }

    private int Run(ParseResult parse)
    {
        var screen = new Screen(parse.GetValue(_json));
        var file = parse.GetRequiredValue(_file);
        var result = ContractParser.Parse(ContractSource.ReadFile(file, "contract"));
        var digest = result.Contract is { } contract ? ContractCanon.Digest(contract) : null;
        if (screen.Json)
            Screen.WriteJson(new { File = file, Valid = digest is not null, Digest = digest, result.Problems });
        else if (digest is not null)
            screen.Line($"{file} is a good contract: {digest}");
        foreach (var problem in result.Problems.Where(_ => !screen.Json))
            Console.Error.WriteLine(ContractSource.Place(file, problem));
        return digest is not null ? ExitCode.Done : ExitCode.WrongUse;
    }
}
