using System.Globalization;
using System.Text.Json;
using Baton.Contracts;
using Baton.Database;
using Baton.Server.Artifacts;
using Baton.Server.Handoff;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Jobs;
using Baton.Server.Platform.Ledger;
using Baton.Server.Registry;

namespace Baton.Server.Verification;

/// <summary>What verification tells an agent, and what it takes back: evidence for exactly the digests it asked about.</summary>
internal sealed class VerificationJobs(VerificationStore store, HandoffStore handoffs, RegistryStore registry, ArtifactsStore artifacts) : IJobKind
{
    public const string KindName = "verification";

    public string Kind => KindName;

    public async Task<object> PayloadAsync(Session sql, Job job)
    {
        var verification = (await store.FindAsync(sql, job.Project, job.Subject))!;
        var contract = (await handoffs.FindContractAsync(sql, job.Project, verification.Model, verification.ContractDigest))!;
        var inProduction = await registry.FindInStageAsync(sql, job.Project, verification.Model, Stages.Production);
        var other = inProduction?.Version == verification.Version ? null : inProduction;
        var production = other is null ? null : await ProductionAsync(sql, job.Project, other);
        return new VerificationRequest
        {
            Model = verification.Model,
            Version = verification.Version.ToString(CultureInfo.InvariantCulture),
            Contract = contract.Document,
            Claims = await ClaimsAsync(sql, job.Project, verification.Model, verification.Version, verification.ClaimsDigest),
            Package = (await artifacts.FindManifestAsync(sql, job.Project, verification.PackageDigest))!,
            Production = production,
            UncomparableProduction = production is null ? other?.Version.ToString(CultureInfo.InvariantCulture) : null,
            Holdout = await store.FindUsedAsync(sql, job.Project, verification.Id),
        };
    }

    public async Task CompletedAsync(Change change, Job job, JsonElement result)
    {
        var verification = (await store.FindAsync(change.Sql, job.Project, job.Subject))!;
        var evidence = result.Deserialize<Evidence>(Documents.Compact) ?? throw Refusal.Invalid("The result holds no evidence.");
        var contract = ContractParser.ParseOrThrow(
            (await handoffs.FindContractAsync(change.Sql, job.Project, verification.Model, verification.ContractDigest))!.Document);
        Check(verification, contract, evidence);
        // The verdict follows from the clauses: an agent's own word for it does not count.
        evidence = evidence with { Verdict = Evidence.Overall(evidence.Clauses) };
        var document = Documents.Write(evidence);
        var digest = Digests.Sha256(document);
        var verdict = Word(evidence.Verdict);
        await store.FinishAsync(change, verification.Id, verdict, digest, document, evidence.ProductionVersion is { } v ? ModelVersion.ParseNumber(v) : null);
        await change.RecordAsync(
            "verification.finished",
            ModelVersion.SubjectOf(verification.Model, verification.Version),
            new
            {
                verification = verification.Id,
                verdict,
                contract = verification.ContractDigest,
                claims = verification.ClaimsDigest,
                production_version = evidence.ProductionVersion,
                clauses = evidence.Clauses.ToDictionary(c => c.Name, c => Word(c.Verdict)),
                agent = job.Agent,
            },
            digest);
    }

    public async Task EndedAsync(Change change, Job job, string state, string reason)
    {
        var verification = (await store.FindAsync(change.Sql, job.Project, job.Subject))!;
        await store.EndAsync(change, verification.Id, state, reason);
        await change.RecordAsync(
            $"verification.{state}", ModelVersion.SubjectOf(verification.Model, verification.Version), new { verification = verification.Id, reason });
    }

    /// <summary>A verdict as it is written: <c>not_run</c>.</summary>
    public static string Word(Verdict verdict) => JsonNamingPolicy.SnakeCaseLower.ConvertName(verdict.ToString());

    private static void Check(VerificationRecord verification, Contract contract, Evidence evidence)
    {
        var missing = contract.ClauseNames.Where(name => evidence.Clauses.All(c => c.Name != name)).ToList();
        if (missing.Count > 0)
            throw Refusal.Invalid($"The evidence says nothing of {string.Join(", ", missing)}.");
        if (evidence.ContractDigest != verification.ContractDigest)
            throw Refusal.Invalid($"The evidence is for contract {evidence.ContractDigest}; asked was {verification.ContractDigest}.");
        if (evidence.ClaimsDigest != verification.ClaimsDigest)
            throw Refusal.Invalid($"The evidence is for claims {evidence.ClaimsDigest}; asked was {verification.ClaimsDigest}.");
        // A package that is not the sealed one can only have failed: its own files clause says so.
        if (evidence.PackageDigest != verification.PackageDigest && Evidence.Overall(evidence.Clauses) != Contracts.Verdict.Fail)
            throw Refusal.Invalid($"The evidence is for package {evidence.PackageDigest}; sealed is {verification.PackageDigest}.");
    }

    /// <summary>A version in production as it is compared with; null where it has no claims or no sealed package.</summary>
    private async Task<ProductionVersion?> ProductionAsync(Session sql, string project, ModelVersion version)
    {
        if (version.ManifestDigest is not { } digest || await handoffs.FindClaimsAsync(sql, project, version.Name, version.Version) is not { } claims)
            return null;
        return new ProductionVersion(
            version.Version.ToString(CultureInfo.InvariantCulture),
            Documents.Read<Claims>(claims.Document),
            (await artifacts.FindManifestAsync(sql, project, digest))!);
    }

    private async Task<Claims> ClaimsAsync(Session sql, string project, string model, long version, string digest) =>
        Documents.Read<Claims>((await handoffs.FindClaimsAsync(sql, project, model, version, digest))!.Document);
}
