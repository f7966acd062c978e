using Baton.Contracts;
using Baton.Verification.Clauses;
using Baton.Verification.Clauses.Commands;
using Baton.Verification.Clauses.Handover;
using Baton.Verification.Clauses.Robustness;
using Baton.Verification.Clauses.Training;
using Baton.Verification.Hardware;

namespace Baton.Verification;

/// <summary>Verifies one candidate: measures every clause of its contract and every standing check, and gives the evidence.</summary>
public static class Verifier
{
    /// <summary>Verifies a candidate. Whatever the candidate is like, the answer is evidence; a bad model costs no more than its own clauses.</summary>
    /// <param name="input">The candidate.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellation">Stops the verification and every process it started.</param>
    /// <exception cref="ArgumentException">Contract and claims are of different models.</exception>
    public static async Task<Evidence> VerifyAsync(VerificationInput input, IProgress<VerificationProgress>? progress, CancellationToken cancellation)
    {
        if (input.Contract.Model != input.Claims.Model)
        {
            throw new ArgumentException(
                $"The contract is of model {input.Contract.Model}, the claims are of model {input.Claims.Model}; "
                + "verify a version under the contract of its own model.", nameof(input));
        }

        var started = input.Time.GetUtcNow();
        var machine = MachineFingerprint.Read("none ran");
        progress?.Report(new("files", "reading the package", 0));
        var package = await Package.ReadAsync(input.PackageDirectory, input.Claims, input.ReferenceFile, cancellation);

        var session = new VerificationSession(input, package, machine, progress);
        var findings = new Findings(input.Contract);
        await session.RunModelAsync(cancellation);
        if (input.Contract.Reproduces is { } reproduces)
            await findings.AddAsync(ReproducesCheck.Name, () => session.Reproduces(reproduces));
        await MetricClauses.MeasureAsync(session, findings);
        await RobustnessClauses.MeasureAsync(session, findings, cancellation);
        await DatasetClauses.MeasureAsync(session, findings, cancellation);
        await findings.AddAsync(
            [LatencyCheck.Name, MemoryCheck.Name, .. input.Contract.ClauseNames.Where(n => n.StartsWith("hardware.", StringComparison.Ordinal))],
            () => session.LatencyAndMemoryAsync(cancellation));
        await findings.AddAsync([.. input.Contract.ClauseNames.Where(n => n.StartsWith("package.", StringComparison.Ordinal))], () =>
            Task.FromResult<IReadOnlyList<ClauseResult>>([.. PackageClauses.Judge(input.Contract, package)]));
        await SecurityClauses.MeasureAsync(input, package, findings, cancellation);
        await CommandChecks.MeasureAsync(session, findings, cancellation);
        await findings.AddAsync(StandingChecks.Files, () => FilesCheck.Judge(input.Claims.Package, package.Manifest));
        await findings.AddAsync(StandingChecks.Framework, () => FrameworkCheck.Judge(input.Claims.Framework, package));
        await findings.AddAsync(StandingChecks.Parameters, () => ParametersCheck.Judge(input.Claims.Parameters, package));
        await findings.AddAsync(StandingChecks.Interface, () => InterfaceCheck.Judge(input.Claims.Interface, package, session.Rows));
        await findings.AddAsync(StandingChecks.Size, () => SizeCheck.Judge(input.Claims.Package, package.Manifest));
        await findings.AddAsync(StandingChecks.Claims, () => ClaimsCheck.Judge(input.Claims.Metrics, session.Rows, session.RowsFault, input.Contract));
        await findings.AddAsync(StandingChecks.Provenance, () => ProvenanceCheck.Judge(input.Contract, input.Claims));
        var clauses = findings.InOrder();
        progress?.Report(new("size", "done", 1));
        return new Evidence
        {
            Model = input.Claims.Model,
            Version = input.Claims.Version,
            ContractDigest = ContractCanon.Digest(input.Contract),
            ClaimsDigest = Digests.Sha256(Documents.Write(input.Claims)),
            PackageDigest = package.Manifest.Digest,
            ProductionVersion = input.Production?.Version ?? input.UncomparableProduction,
            ProductionPackageDigest = session.ProductionPackageDigest,
            Verdict = Evidence.Overall(clauses),
            Clauses = clauses,
            Machine = machine.With(session.RuntimeFacts) with { Runtime = session.Runtime ?? machine.Runtime },
            StartedAt = started,
            FinishedAt = input.Time.GetUtcNow(),
        };
    }
}
