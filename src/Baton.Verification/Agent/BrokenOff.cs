using Baton.Contracts;
using Baton.Verification.Clauses;
using Baton.Verification.Hardware;

namespace Baton.Verification.Agent;

/// <summary>Evidence of a verification that could not be made: the candidate's files are corrupt, or it took the verifying process with it.</summary>
internal static class BrokenOff
{
    private static readonly string[] Standing = ["files", "framework", "parameters", "interface", "size"];

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
        var clauses = new List<ClauseResult>();
        if (contract.Reproduces is { } reproduces)
            clauses.Add(ReproducesCheck.Unmeasured(reproduces, verdict, reason));
        foreach (var metric in contract.Metrics)
        {
            double? claimed = request.Claims.Metrics.TryGetValue(metric.Metric, out var value) ? value : null;
            clauses.Add(MetricCheck.Unmeasured(metric, claimed, verdict, reason));
        }

        if (contract.Latency is { } latency)
            clauses.Add(LatencyCheck.Unmeasured(latency, verdict, reason));
        if (contract.Memory is { } memory)
            clauses.Add(MemoryCheck.Unmeasured(memory, verdict, reason));
        clauses.AddRange(contract.Hardware.SelectMany(h => HardwareCheck.Unmeasured(h, _ => demanded)));
        foreach (var name in Standing)
        {
            var (standingVerdict, standingReason) = standing(name);
            clauses.Add(new ClauseResult { Name = name, Verdict = standingVerdict, Evidence = EvidenceLevel.Extracted, Demanded = "as claimed", Reason = standingReason });
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
