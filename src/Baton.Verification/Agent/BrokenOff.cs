using Baton.Contracts;
using Baton.Verification.Hardware;

namespace Baton.Verification.Agent;

/// <summary>Evidence of a verification that could not be made: the candidate's files are corrupt, or it took the verifying process with it.</summary>
internal static class BrokenOff
{
    /// <summary>A file of the candidate is no longer what was sealed: <c>files</c> fails and nothing else is run.</summary>
    public static Evidence Corrupt(VerificationRequest request, CorruptFile file, DateTimeOffset started, TimeProvider time)
    {
        var notRun = $"Not run, because {file.Path} is not what was sealed (clause files).";
        return Of(request, started, time, (Verdict.NotRun, notRun), name => name == "files"
            ? (Verdict.Fail, $"{file.Path} is not what was sealed as {file.Digest}: {file.Reason.TrimEnd('.')}. Hand the version over anew from its run, or restore the file.")
            : (Verdict.NotRun, notRun));
    }

    /// <summary>The verifying process ended without evidence: every clause of the contract fails.</summary>
    public static Evidence Died(VerificationRequest request, string reason, DateTimeOffset started, TimeProvider time) => Of(
        request, started, time,
        (Verdict.Fail, $"The verification broke off: {reason.TrimEnd('.')}."),
        _ => (Verdict.NotRun, $"Not run: {reason.TrimEnd('.')}."));

    private static Evidence Of(
        VerificationRequest request, DateTimeOffset started, TimeProvider time,
        (Verdict Verdict, string Reason) demanded, Func<string, (Verdict Verdict, string Reason)> standing)
    {
        var contract = ContractParser.ParseOrThrow(request.Contract);
        var (verdict, reason) = demanded;
        var clauses = contract.ClauseNames.Select(name => Found.Unmeasured(name, Found.Demand(contract, name), EvidenceLevel.Declared, verdict, reason)).ToList();
        foreach (var name in StandingChecks.Names.Except(contract.ClauseNames))
        {
            var (standingVerdict, standingReason) = standing(name);
            clauses.Add(Found.Unmeasured(name, "as claimed", EvidenceLevel.Extracted, standingVerdict, standingReason));
        }

        return new Evidence
        {
            Model = request.Model,
            Version = request.Version,
            ContractDigest = ContractCanon.Digest(contract),
            ClaimsDigest = Digests.Sha256(Documents.Write(request.Claims)),
            PackageDigest = request.Package.Digest,
            ProductionVersion = request.Production?.Version ?? request.UncomparableProduction,
            ProductionPackageDigest = request.Production?.Package.Digest,
            Verdict = Evidence.Overall(clauses),
            Clauses = clauses,
            Machine = MachineFingerprint.Read("none ran"),
            StartedAt = started,
            FinishedAt = time.GetUtcNow(),
        };
    }
}
