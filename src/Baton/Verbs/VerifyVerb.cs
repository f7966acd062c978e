using System.CommandLine;
using Baton.Client;
using Baton.Contracts;
using Baton.Contracts.Reports;
using Baton.Handover;
using Baton.Terminal;
using Baton.Verification;

namespace Baton.Verbs;

/// <summary><c>baton verify</c>: a contract against claims, here and now with no server; or a registered version, by the server's agent.</summary>
internal sealed class VerifyVerb : Command
{
    private readonly Argument<string> _subject = new("CONTRACT.yaml | models:/NAME/VERSION")
    {
        Description = "A contract to verify here, or a version for the server to verify again",
    };

    private readonly Option<string?> _claims = new("--claims")
    {
        Description = "Claims of the candidate; its package lies in the same folder",
        HelpName = "FILE",
    };

    private readonly Option<string?> _production = new("--production")
    {
        Description = "Claims of the version in production, to compare with",
        HelpName = "FILE",
    };

    private readonly Option<bool> _commands = new("--run-commands")
    {
        Description = "Run the commands (checks) that the contract names, on this machine",
    };

    private readonly Option<string?> _server = Flags.Server();
    private readonly Option<bool> _json = Flags.Json();
    private readonly ReportFlags _reports = new();

    public VerifyVerb()
        : base("verify", "Check every clause of a contract by evidence. Exit code 0: pass, 1: fail, 3: inconclusive or not run.")
    {
        Add(_subject);
        foreach (var option in new Option[] { _claims, _production, _commands, _server, _json }.Concat(_reports.Options))
            Add(option);
        SetAction(RunAsync);
    }

    private Task<int> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var screen = new Screen(parse.GetValue(_json));
        var subject = parse.GetRequiredValue(_subject);
        return subject.StartsWith(VersionName.Prefix, StringComparison.Ordinal)
            ? RemotelyAsync(parse, screen, VersionName.Parse(subject), stop)
            : HereAsync(parse, screen, subject, stop);
    }

    private async Task<int> RemotelyAsync(ParseResult parse, Screen screen, VersionName version, CancellationToken stop)
    {
        if (parse.GetValue(_claims) is not null || parse.GetValue(_production) is not null || parse.GetValue(_commands))
            throw new UsageException("--claims, --production and --run-commands go with a contract file; the server knows the claims of its versions itself.");
        using var client = Flags.Connect(parse, _server);
        var asked = await client.VerifyAsync(version.Model, version.Version, stop);
        var verifications = await screen.WithProgressAsync("Verifying", progress => Candidates.WaitAsync(client, [asked], progress, stop));
        if (_reports.Asked(parse) && verifications is [{ Evidence: { } evidence }])
            await _reports.WriteAsync(parse, await SubjectAsync(client, version, evidence, stop), screen, stop);
        return Outcome.Report(screen, verifications);
    }

    /// <summary>Evidence with the contract and the claims that it is of; without them where they have changed since.</summary>
    private static async Task<ReportSubject> SubjectAsync(BatonClient client, VersionName version, Evidence evidence, CancellationToken stop)
    {
        var contract = await client.FindContractAsync(version.Model, cancel: stop);
        var claims = await client.FindClaimsAsync(version.Model, version.Version, stop);
        var same = contract?.Digest == evidence.ContractDigest;
        return new ReportSubject(evidence)
        {
            Contract = same ? ContractParser.Parse(contract!.Document).Contract : null,
            ContractText = same ? contract!.Document : null,
            Claims = claims?.Digest == evidence.ClaimsDigest ? claims.Claims : null,
        };
    }

    private async Task<int> HereAsync(ParseResult parse, Screen screen, string contractFile, CancellationToken stop)
    {
        var source = new ContractSource(contractFile, ContractSource.ReadFile(contractFile, "contract"), null);
        var contract = source.Parse();
        var candidate = ClaimedPackage.Read(parse.GetValue(_claims)
            ?? throw new UsageException(
                $"--claims is missing: name the claims to verify under {contractFile}, e.g. `baton verify {contractFile} --claims claims.json`."));
        if (candidate.Claims.Model != contract.Model)
        {
            throw new UsageException(
                $"{contractFile} is a contract of {contract.Model}, {candidate.File} are claims of {candidate.Claims.Model}; "
                + "verify a version under the contract of its own model.");
        }

        var production = parse.GetValue(_production) is { } file ? ClaimedPackage.Read(file) : null;
        var evidence = await screen.WithProgressAsync($"Verifying {candidate.File}", progress => Verifier.VerifyAsync(
            new VerificationInput
            {
                Contract = contract,
                Claims = candidate.Claims,
                PackageDirectory = candidate.Directory,
                ReferenceFile = candidate.ReferenceFile,
                Production = production?.AsProduction(),
                DataDirectory = candidate.Directory,
                RunsCommands = parse.GetValue(_commands),
                ModelProcess = HiddenVerbs.ModelProcessOptions,
            },
            new Immediately(progress), stop));
        var subject = new ReportSubject(evidence)
        {
            Contract = contract,
            ContractText = source.Text,
            ContractPath = Path.GetRelativePath(Environment.CurrentDirectory, contractFile).Replace('\\', '/'),
            Claims = candidate.Claims,
        };
        await _reports.WriteAsync(parse, subject, screen, stop);
        if (screen.Json)
            Screen.WriteJson(evidence);
        else
            new VerdictReport(screen).Write(subject);
        return ExitCode.Of(evidence.Verdict);
    }

    /// <summary>Passes progress on at once, in order; <see cref="Progress{T}"/> would queue it.</summary>
    private sealed class Immediately(Action<string> progress) : IProgress<VerificationProgress>
    {
        public void Report(VerificationProgress value) => progress(value.Text);
    }
}
